namespace Dynamo.Hosting;

/// <summary>A configuration that cannot be used; the message names the file and, where the text itself is wrong, line and column.</summary>
public sealed class BadConfigException(string message) : Exception(message);
