using Dynamo.Bench.Load;
using Dynamo.Bench.Processes;

namespace Dynamo.Bench.Compare;

internal readonly record struct Row(Operation Operation, int InFlight)
{
    public override string ToString() => $"{Operation.ToString().ToLowerInvariant()} × {InFlight}";
}

/// <summary>The measurement of one system, row and round. Process figures are per operation, CPU in microseconds.</summary>
/// <param name="NodeCpu">CPU time of the three nodes together.</param>
/// <param name="Messages">Total of nodes and client, as for packets, bytes and context switches; null where they could not be counted.</param>
/// <param name="OthersCpu">CPU use of other processes on the machine, in cores.</param>
internal sealed record Measurement(
    string System, Row Row, int Round, double Rate, double P50Us, double P99Us, double NodeCpu, double ClientCpu,
    double Switches, double? Messages, double? Packets, double? Bytes, double OthersCpu, long Errors, string? FirstError)
{
    public static Measurement Of(string system, Row row, int round, LoadResult load, Counters before, Counters after)
    {
        var all = (double)Math.Max(1, load.AllOperations);
        var (nodes, client) = (after.NodeCpu - before.NodeCpu, after.ClientCpu - before.ClientCpu);
        var sockets = before.Sockets is { } were && after.Sockets is { } are
            ? are.Select(now => (now.Value.Packets - were.GetValueOrDefault(now.Key).Packets, now.Value.Bytes - were.GetValueOrDefault(now.Key).Bytes)).ToArray() : null;
        return new Measurement(
            system, row, round, load.Operations / load.Seconds, load.P50Us, load.P99Us,
            nodes.TotalMicroseconds / all, client.TotalMicroseconds / all,
            Counters.Growth(before.Switches, after.Switches) / all,
            (after.Frames - before.Frames) / all, sockets?.Sum(s => s.Item1) / all, sockets?.Sum(s => s.Item2) / all,
            Math.Max(0, (after.MachineCpu - before.MachineCpu - nodes - client) / (after.Time - before.Time)), load.Errors, load.FirstError);
    }
}
