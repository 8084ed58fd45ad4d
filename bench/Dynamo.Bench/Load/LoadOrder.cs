namespace Dynamo.Bench.Load;

internal enum Operation
{
    Put,
    Get,
}

/// <summary>An order to a client process.</summary>
/// <param name="IsFill">Put every key once, and do nothing else.</param>
/// <param name="Settle">Seconds of unmeasured load at the start.</param>
internal sealed record LoadOrder(Operation Operation, int InFlight, double Settle, double Seconds, bool IsFill = false);

/// <param name="Operations">Operations in the measured time.</param>
/// <param name="AllOperations">All operations, including settling and those in flight at the end; process counters are divided by this.</param>
internal sealed record LoadResult(long Operations, double Seconds, double P50Us, double P99Us, long AllOperations, long Errors, string? FirstError);
