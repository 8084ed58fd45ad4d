using Dynamo.Bench.Load;
using Dynamo.Bench.Processes;

namespace Dynamo.Bench.Compare;

/// <param name="IdleCores">CPU use of each system's processes without load, in cores.</param>
internal sealed record Outcome(IReadOnlyList<string> Systems, IReadOnlyList<Row> Rows, IReadOnlyList<Measurement> Measurements, IReadOnlyDictionary<string, double> IdleCores);

/// <summary>
/// Runs the comparison. All systems stay up and take turns of a few seconds, so that other load on the machine affects all alike. A round covers all
/// rows; the next one begins with another system.
/// </summary>
internal sealed class Comparison(CompareOptions options, TextWriter progress)
{
    private const double Settle = 0.5;
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(4);
    private readonly List<Peer> _peers = [];
    private readonly List<Measurement> _measurements = [];

    public async Task<Outcome> RunAsync(CancellationToken cancellation)
    {
        using var frames = new FrameFolder();
        try
        {
            foreach (var system in options.Systems)
            {
                foreach (var build in Peer.IsProduct(system) ? options.Builds : Build.Default)
                {
                    await progress.WriteLineAsync($"{system}: starting");
                    _peers.Add(await Peer.StartAsync(system, build, options.ValueBytes, frames, cancellation));
                }
            }
            foreach (var peer in _peers) await WarmUpAsync(peer, cancellation);
            var idle = await IdleAsync(cancellation);
            var rows = options.Operations.SelectMany(operation => options.InFlight.Select(inFlight => new Row(operation, inFlight))).ToArray();
            for (var round = 0; round < options.Rounds; round++)
                foreach (var row in rows)
                    for (var turn = 0; turn < _peers.Count; turn++) await MeasureAsync(_peers[(round + turn) % _peers.Count], row, round + 1, cancellation);
            return new Outcome([.. _peers.Select(p => p.Name)], rows, _measurements, idle);
        }
        finally
        {
            await Task.WhenAll(_peers.Select(peer => peer.DisposeAsync().AsTask()));
        }
    }

    // At the highest load of each operation, so that the runtime recompiles the hottest methods.
    private async Task WarmUpAsync(Peer peer, CancellationToken cancellation)
    {
        if (options.WarmUp == 0) return;
        await progress.WriteLineAsync($"{peer.Name}: warming up");
        foreach (var operation in options.Operations)
            await peer.RunAsync(new LoadOrder(operation, options.InFlight.Max(), 0, (double)options.WarmUp / options.Operations.Count), cancellation);
    }

    // Waits first, so that work left over from the load does not count as idle use.
    private async Task<IReadOnlyDictionary<string, double>> IdleAsync(CancellationToken cancellation)
    {
        await Task.Delay(IdleTime, cancellation);
        var before = _peers.ConvertAll(CpuOf);
        await Task.Delay(IdleTime, cancellation);
        return _peers.Zip(before).ToDictionary(p => p.First.Name, p => (CpuOf(p.First) - p.Second) / IdleTime);
    }

    private static TimeSpan CpuOf(Peer peer) => peer.NodeIds.Append(peer.ClientId).Aggregate(TimeSpan.Zero, (sum, id) => sum + Counters.CpuOf(id));

    // Counters are read before and after the load, while nothing runs, so reading them disturbs nothing.
    private async Task MeasureAsync(Peer peer, Row row, int round, CancellationToken cancellation)
    {
        var before = await peer.ReadAsync();
        var load = await peer.RunAsync(new LoadOrder(row.Operation, row.InFlight, Settle, options.Seconds), cancellation);
        var measured = Measurement.Of(peer.Name, row, round, load, before, await peer.ReadAsync());
        _measurements.Add(measured);
        await progress.WriteLineAsync($"round {round}, {row}, {peer.Name}: {measured.Rate:n0} operations/s{(measured.Errors > 0 ? $", {measured.Errors} failed: {measured.FirstError}" : "")}");
    }
}
