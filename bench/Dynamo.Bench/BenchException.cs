namespace Dynamo.Bench;

/// <summary>What keeps the benchmark from going on, in words for whoever runs it.</summary>
internal class BenchException(string message) : Exception(message);

/// <summary>The command line asks for what cannot be.</summary>
internal sealed class UsageException(string message) : BenchException(message);
