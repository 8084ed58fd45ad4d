namespace Dynamo.Bench;

/// <summary>What keeps the benchmark from going on, in words for whoever runs it.</summary>
internal sealed class BenchException(string message) : Exception(message);
