namespace Dynamo.Cli.Bench;

internal enum BenchKind
{
    Put,
    Get,
    Mix,
}

/// <param name="InFlight">Requests under way at a time, over all clients.</param>
/// <param name="Clients">Client libraries, each with connections of its own.</param>
internal sealed record BenchPlan(BenchKind Kind, int Keys, int ValueBytes, int Clients, int InFlight, TimeSpan Warmup, TimeSpan Duration);

/// <param name="NodeCpuUs">Per operation, of all nodes together; null when they are not on this machine.</param>
internal sealed record BenchResult(
    BenchPlan Plan, double OpsPerSecond, double P50Ms, double P99Ms, double P999Ms, double MaxMs, long Operations, long Errors, string? FirstError,
    double? NodeCpuUs, double ClientCpuUs);
