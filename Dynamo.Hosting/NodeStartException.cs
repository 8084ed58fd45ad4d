namespace Dynamo.Hosting;

/// <summary>A node that could not start: its port is in use, its store is damaged. The message is one line for its operator.</summary>
public sealed class NodeStartException(string message, Exception cause) : Exception(message, cause);
