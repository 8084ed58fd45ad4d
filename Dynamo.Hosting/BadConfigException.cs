namespace Dynamo.Hosting;

/// <summary>An invalid configuration. The message names the file and, for syntax errors, line and column.</summary>
public sealed class BadConfigException(string message) : Exception(message);
