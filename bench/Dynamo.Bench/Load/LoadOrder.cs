namespace Dynamo.Bench.Load;

internal enum Operation
{
    Put,
    Get,
}

/// <summary>What a client process is told to do.</summary>
/// <param name="IsFill">Every key once, and nothing else.</param>
/// <param name="Settle">Load that is not measured, in front.</param>
internal sealed record LoadOrder(Operation Operation, int InFlight, double Settle, double Seconds, bool IsFill = false);

/// <param name="Operations">In the measured time.</param>
/// <param name="AllOperations">Settling and what was under way at the end included: what the processes' counters are divided by.</param>
internal sealed record LoadResult(long Operations, double Seconds, double P50Us, double P99Us, long AllOperations, long Errors, string? FirstError);
