namespace Dynamo.Cli.Bench;

internal enum BenchKind
{
    Put,
    Get,
    Mix,
}

/// <param name="InFlight">Requests in flight, over all clients.</param>
/// <param name="Clients">Client instances, each with its own connections.</param>
internal sealed record BenchPlan(BenchKind Kind, int Keys, int ValueBytes, int Clients, int InFlight, TimeSpan Warmup, TimeSpan Duration);

/// <param name="NodeCpuUs">CPU time per operation in microseconds, all nodes together; null when they are not on this machine.</param>
internal sealed record BenchResult(
    BenchPlan Plan, double OpsPerSecond, double P50Ms, double P99Ms, double P999Ms, double MaxMs, long Operations, long Errors, string? FirstError,
    double? NodeCpuUs, double ClientCpuUs);
