namespace Dynamo.Hosting;

/// <summary>The node could not start, for example because its port is in use or its store is damaged. The message is one line for the operator.</summary>
public sealed class NodeStartException(string message, Exception cause) : Exception(message, cause);
