namespace Dynamo.Bench;

/// <summary>The benchmark cannot go on; the message is for the user.</summary>
internal class BenchException(string message) : Exception(message);

/// <summary>The command line is invalid.</summary>
internal sealed class UsageException(string message) : BenchException(message);
