using Akka.Actor;
using Akka.Configuration;
using Dynamo.Actors.Node;
using Dynamo.Actors.Settings;
using Dynamo.Client;
using Dynamo.Client.Admin;
using Dynamo.Core.AntiEntropy;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Wire;
using Dynamo.Protocol;

namespace Dynamo.Simulation.Tests.World;

/// <summary>The options of a simulated cluster.</summary>
public sealed record SimOptions(int Nodes = 5, int Spares = 0, int Partitions = 16, bool SyncsCommits = true, StorageMutation Mutation = StorageMutation.None, string Overrides = "")
{
    /// <summary>dynamo.tombstones.grace</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(8);
}

/// <summary>A whole cluster of real nodes (their real actors, protocol and serializer) in one simulated world.</summary>
public sealed class SimCluster : IDisposable
{
    private readonly SimOptions _options;
    private readonly List<SimNode> _nodes = [];

    // Fewer than the other nodes: that a node is down, some learn only from others.
    private readonly int _watchers;

    public SimCluster(SimWorld world, SimOptions? options = null)
    {
        World = world;
        _options = options ?? new SimOptions();
        world.Enter();
        _watchers = world.Random.Next(2, 5);
        for (var i = 1; i <= _options.Nodes; i++) _nodes.Add(Made($"n{i}"));
        foreach (var node in _nodes) Start(node);
        for (var i = 1; i <= _options.Spares; i++)
            _nodes.Add(Made($"n{_options.Nodes + i}"));
        if (_options.Spares > 0) BuryTheGone();
        world.Cluster = this;
    }

    public SimWorld World { get; }

    public IReadOnlyList<SimNode> Nodes => _nodes;

    /// <summary>The merged cluster state of all running nodes.</summary>
    public ClusterState State => Members.Where(n => n.Engine is not null).Select(StateOf).Aggregate(ClusterState.Empty, (a, b) => a.Merge(b));

    /// <summary>Nodes that have ever run, without those that left or were removed.</summary>
    public IEnumerable<SimNode> Members => _nodes.Where(n => n.Engine is not null && !n.IsGone);

    /// <summary>Tombstones that nodes have reaped.</summary>
    public int Reaps => _nodes.Sum(n => n.Reaps + (n.Process.IsAlive ? n.Engine!.Reaps : 0));

    public void Start(SimNode node)
    {
        var given = ConfigurationFactory.ParseString(_options.Overrides + Links + ConfigOf(node));
        var settings = DynamoSettings.From(given);
        var system = node.Process.Start(given.WithFallback(DynamoSettings.Reference).WithFallback(WireConfig.Fallback));
        node.Engine = new SimEngine(node.Process, node.Disk, _options.SyncsCommits);
        node.HadTrees |= ForestCodec.Load(node.Engine.GetMeta("trees"), _options.Partitions, node.Engine.LastCommit) is not null;
        node.Root = DynamoNode.Start(system, settings, node.Engine);
        World.Note($"start {node.Id}");
    }

    // No message outlives the grace: the limits of hocon/wire.conf, in about the same proportion to it.
    private string Links => $$"""
        akka.remote {
          handshake-timeout = {{_options.Grace.TotalMilliseconds / 12:0}}ms
          sim.connection-timeout = {{_options.Grace.TotalMilliseconds / 12:0}}ms
          transport-failure-detector.heartbeat-interval = {{_options.Grace.TotalMilliseconds / 6:0}}ms
          transport-failure-detector.acceptable-heartbeat-pause = {{_options.Grace.TotalMilliseconds / 4:0}}ms
        }

        """;

    public static ClusterState StateOf(SimNode node)
    {
        if (node.Engine!.GetMeta("cluster") is not { } saved) return ClusterState.Empty;
        var from = new ByteReader(saved);
        return StateCodec.ReadState(ref from);
    }

    // As a host does when its actor system ends by itself.
    private void BuryTheGone() => World.At(TimeSpan.FromSeconds(1), () =>
    {
        foreach (var node in Members.Where(n => n.Process.IsAlive && !n.Process.IsPaused).ToArray())
        {
            if (CoordinatedShutdown.Get(node.Process.System!).ShutdownReason is not NodeGone gone) continue;
            node.IsGone = true;
            node.LastWords = gone.Words;
            Kill(node, losesTail: false);
            World.Note($"gone {node.Id}: {gone.Words}");
        }
        BuryTheGone();
    });

    public void Kill(SimNode node, bool losesTail)
    {
        node.NoteFailure();
        node.Process.Kill();
        node.Reaps += node.Engine!.Reaps;
        if (losesTail) node.Disk.LoseTail(World.Now);
        World.Note($"kill {node.Id}");
    }

    /// <summary>Stops a node in order, as its host does: its actors end, then its store finishes pending writes and closes.</summary>
    public void Stop(SimNode node, Action then)
    {
        var (life, engine) = (node.Process.Life, node.Engine!);
        World.Note($"stop {node.Id}");
        node.Process.System!.ActorOf(EndWatcher.Props(node.Root, () => World.At(TimeSpan.Zero, End)));
        World.At(TimeSpan.FromSeconds(10), End);

        void End()
        {
            if (node.Process.Life != life) return;
            engine.Dispose();
            Kill(node, losesTail: false);
            then();
        }
    }

    /// <summary>Creates the last-write-wins bucket, and gives gossip time to spread it.</summary>
    public void MakeClockBucket()
    {
        var options = BucketOptions.Default with { Conflicts = ConflictMode.LastWriteWins };
        Run(Admin("clerk").SetBucketAsync(Members.First().Address, History.ClockBucket, options, TimeSpan.FromSeconds(5)), TimeSpan.FromSeconds(10));
        World.RunFor(TimeSpan.FromSeconds(5));
    }

    /// <summary>An administrator on a machine of its own.</summary>
    public DynamoAdmin Admin(string name) =>
        DynamoAdmin.In(World.Network.Add(name).Start(ConfigurationFactory.ParseString(Links + "akka.log-dead-letters = off").WithFallback(WireConfig.Fallback), $"dynamo-client-{name}"));

    /// <summary>A client on a machine of its own.</summary>
    public DynamoClient Client(string name, bool resendsPuts)
    {
        var process = World.Network.Add(name);
        var options = new DynamoClientOptions { Contacts = [.. _nodes.Select(n => new NodeAddress(n.Id.Name, n.Process.Port))], ResendsPuts = resendsPuts };
        // The gate as in a client's own system.
        var config = ConfigurationFactory.ParseString(Links + "akka { log-dead-letters = off, remote.retry-gate-closed-for = 100ms }");
        var system = process.Start(config.WithFallback(WireConfig.Fallback), $"dynamo-client-{name}");
        return DynamoClient.In(system, options, new Random(World.Random.Next()));
    }

    /// <summary>Runs the world until an asynchronous operation is over, and returns its result.</summary>
    public T Run<T>(Task<T> act, TimeSpan limit)
    {
        Assert.True(World.RunUntil(() => act.IsCompleted, limit), $"seed {World.Seed}: not done within {limit} of virtual time");
        return act.GetAwaiter().GetResult();
    }

    public void Dispose() => World.Close();

    // Commits older than half of the grace are on every disk and in every copy: a store that forgets more brings back deleted data (docs/operations.md).
    private SimNode Made(string name) => new(World.Network.Add(name), new SimDisk(new Random(World.Random.Next()), _options.Grace / 2) { Mutation = _options.Mutation });

    private string ConfigOf(SimNode node) => $$"""

        dynamo {
          node.name = {{node.Id}}
          cluster {
            name = sim
            founders = [{{string.Join(", ", _nodes.Take(_options.Nodes).Select(n => $"\"{n.Id}\""))}}]
            seeds = [{{string.Join(", ", _nodes.Select(n => $"\"{n.Id}:{n.Process.Port}\""))}}]
          }
          ring.partitions = {{_options.Partitions}}
          gossip.watchers = {{_watchers}}
          tombstones { grace = {{_options.Grace.TotalMilliseconds}}ms, interval = 300ms }
          random-seed = {{World.Random.Next(1, int.MaxValue)}}
        }
        """;
}

/// <summary>A node of the simulated cluster: its machine and its disk.</summary>
public sealed class SimNode(SimProcess process, SimDisk disk)
{
    public NodeId Id { get; } = new(process.Name);

    public SimProcess Process { get; } = process;

    public SimDisk Disk { get; } = disk;

    /// <summary>Null until the first start.</summary>
    public SimEngine? Engine { get; set; }

    public IActorRef Root { get; set; } = ActorRefs.Nobody;

    /// <summary>True once it has loaded hash trees that it had saved.</summary>
    public bool HadTrees { get; set; }

    /// <summary>Tombstones that it reaped before its last restart; see <see cref="SimEngine.Reaps"/>.</summary>
    public int Reaps { get; set; }

    /// <summary>It left the cluster or was removed, and does not run again.</summary>
    public bool IsGone { get; set; }

    /// <summary>The reason it gave when it ended.</summary>
    public string LastWords { get; set; } = "";

    /// <summary>Why one of its actors could not go on, now or before a restart: a fault of the product, whatever became of the data.</summary>
    public string? Failure { get; private set; }

    public NodeAddress Address => new(Id.Name, Process.Port);

    public void NoteFailure()
    {
        if (Process.System is { } system && CoordinatedShutdown.Get(system).ShutdownReason is NodeFailed failed) Failure ??= failed.Words;
    }
}
