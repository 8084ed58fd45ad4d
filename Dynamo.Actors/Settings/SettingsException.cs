namespace Dynamo.Actors.Settings;

/// <summary>An invalid setting. The message names the key, the value and what is allowed.</summary>
public sealed class SettingsException(string message) : Exception(message);
