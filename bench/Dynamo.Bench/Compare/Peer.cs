using System.Text.Json;
using Dynamo.Bench.Load;
using Dynamo.Bench.Processes;

namespace Dynamo.Bench.Compare;

/// <summary>A system under comparison: its node processes, and its client in a separate process.</summary>
internal sealed class Peer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromMinutes(1);
    private const int Nodes = 3;
    private readonly List<Child> _children = [];
    private readonly FrameFolder _frames;
    private Child _client = null!;

    private Peer(string name, FrameFolder frames) => (Name, _frames) = (name, frames);

    public string Name { get; }

    public IReadOnlyList<int> NodeIds { get; private set; } = [];

    public int ClientId => _client.Id;

    public static IReadOnlyList<string> Systems { get; } = ["floor", "floor-fsync", "ddata", "dynamo", "dynamo-sqlite"];

    public static bool IsProduct(string system) => system.StartsWith("dynamo", StringComparison.Ordinal);

    public static async Task<Peer> StartAsync(string system, Build build, int valueBytes, FrameFolder frames, CancellationToken cancellation)
    {
        var peer = new Peer(IsProduct(system) && build.Label is { } label ? $"{system} {label}" : system, frames);
        try
        {
            var words = system switch
            {
                "floor" or "floor-fsync" => await peer.StartFloorAsync(system, valueBytes, cancellation),
                "ddata" => await peer.StartDDataAsync(cancellation),
                _ => await peer.StartProductAsync(build, system == "dynamo" ? "memory" : "sqlite", cancellation),
            };
            peer._client = peer.Start(["client", .. words, "--value-bytes", $"{valueBytes}"]);
            await peer._client.HearAsync(StartLimit, cancellation);
            var filled = await peer.RunAsync(new LoadOrder(Operation.Put, 64, 0, 60, IsFill: true), cancellation);
            if (filled.AllOperations < Keys.Count) throw new BenchException($"{peer.Name}: could not be filled: {filled.FirstError}");
            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    public async Task<LoadResult> RunAsync(LoadOrder order, CancellationToken cancellation)
    {
        await _client.TellAsync(JsonSerializer.Serialize(order));
        var answer = await _client.HearAsync(TimeSpan.FromSeconds(order.Settle + order.Seconds) + AnswerTimeout, cancellation);
        return JsonSerializer.Deserialize<LoadResult>(answer) ?? throw new BenchException($"{Name}: its client answered with nothing");
    }

    public Task<Counters> ReadAsync() => Counters.ReadAsync(NodeIds, ClientId, _frames);

    public async ValueTask DisposeAsync()
    {
        // The client ends first, so that it does not try to reconnect to ended nodes.
        _children.Reverse();
        foreach (var child in _children) await child.DisposeAsync();
    }

    private async Task<string[]> StartFloorAsync(string system, int valueBytes, CancellationToken cancellation)
    {
        var ports = new List<string>();
        for (var i = 0; i < Nodes; i++) ports.Add(await Start(["node", system, "--value-bytes", $"{valueBytes}"]).HearAsync(StartLimit, cancellation));
        for (var i = 0; i < Nodes; i++) await _children[i].TellAsync(string.Join(' ', [$"{Nodes - 1 - i}", .. ports.Take(i)]));
        await UntilReadyAsync(cancellation);
        return ["floor", .. ports];
    }

    private async Task<string[]> StartDDataAsync(CancellationToken cancellation)
    {
        var addresses = new List<string>();
        for (var i = 0; i < Nodes; i++) addresses.Add(await Start(["node", "ddata"]).HearAsync(StartLimit, cancellation));
        foreach (var node in _children) await node.TellAsync(addresses[0]);
        await UntilReadyAsync(cancellation);
        return ["ddata", .. addresses];
    }

    private async Task<string[]> StartProductAsync(Build build, string engine, CancellationToken cancellation)
    {
        var said = (await Start(["node", "dynamo", "--build", build.Path, "--engine", engine]).HearAsync(StartLimit, cancellation)).Split(' ');
        NodeIds = [.. said[0].Split(',').Select(int.Parse)];
        return ["dynamo", .. said.Skip(1), "--build", build.Path];
    }

    private async Task UntilReadyAsync(CancellationToken cancellation)
    {
        foreach (var node in _children) await node.HearAsync(StartLimit, cancellation);
        NodeIds = [.. _children.Select(node => node.Id)];
    }

    private Child Start(IReadOnlyList<string> words)
    {
        _children.Add(Child.Start(_frames, words));
        return _children[^1];
    }
}
