namespace Dynamo.Actors.Settings;

/// <summary>A setting that cannot be: the message names the key, the value and what is allowed.</summary>
public sealed class SettingsException(string message) : Exception(message);
