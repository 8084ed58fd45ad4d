namespace Dynamo.Http;

/// <summary>HTTP could not start, for example because its port is in use. The message is one line for the operator.</summary>
public sealed class HttpStartException(string message, Exception cause) : Exception(message, cause);
