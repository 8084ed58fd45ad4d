using System.Collections.Immutable;
using System.Text;
using Akka.Actor;
using Akka.TestKit;
using Dynamo.Actors.Coordinator;
using Dynamo.Actors.Settings;
using Dynamo.Actors.Shared;
using Dynamo.Actors.Storage;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;
using Dynamo.Protocol;
using Dynamo.Storage.Memory;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.Coordinator;

/// <summary>
/// The coordinator of n1, between probes: its own replica and hint buffer, those of the other nodes (over real remoting), and a client.
/// </summary>
public abstract class CoordinatorTest : Akka.TestKit.Xunit2.TestKit, IClassFixture<Peers>
{
    private const int Partitions = 8;
    private readonly Peers _peers;
    private readonly MemoryEngine _engine = new(new StoreId(0xABC));
    private readonly Dictionary<(NodeId, string), TestProbe> _probes = [];
    private ClusterView _view = new(Given.N1, ClusterState.Empty, []);
    private long _lastId;

    protected CoordinatorTest(Peers peers)
        : base(Given.Remoting, NodePaths.SystemName)
    {
        _peers = peers;
        peers.FallSilent();
        Replica = CreateTestProbe("own-replica");
        Hints = CreateTestProbe("own-hints");
        Client = CreateTestProbe("client");
    }

    protected TestProbe Replica { get; }

    protected TestProbe Hints { get; }

    protected TestProbe Client { get; }

    protected IActorRef Coordinator { get; private set; } = ActorRefs.Nobody;

    protected DynamoSettings Settings { get; private set; } = null!;

    protected HashRing Ring { get; private set; } = HashRing.None;

    /// <summary>A coordinator of n1 in a cluster of n1, n2, …</summary>
    protected void Start(int nodes = 3, string hocon = "", params NodeId[] down)
    {
        Settings = Given.Settings($"dynamo.request {{ replica-timeout = 20s, timeout = 20s }}\n{hocon}");
        Coordinator = Sys.ActorOf(CoordinatorActor.Props(Settings, Replica, Hints, new BackgroundPace(TimeSpan.FromSeconds(1)), new PeerTraffic()));
        var own = ((ExtendedActorSystem)Sys).Provider.DefaultAddress;
        var members = _peers.First(nodes - 1).Select(p => p.Member).Prepend(Given.Member(Given.N1, new NodeAddress(own.Host, own.Port!.Value)));
        var state = Given.State([.. members]).WithRing(Partitions);
        Ring = state.Ring.Serving;
        _view = new ClusterView(Given.N1, state, [.. down]);
        Coordinator.Tell(new ViewChanged(_view, StateHash: 77));
    }

    /// <summary>A ring change in progress gives the node every partition, in place of the last owner.</summary>
    protected void GiveAllTo(NodeId node)
    {
        var to = new HashRing(2, [.. Ring.Owners.Select(o => o.RemoveAt(o.Length - 1).Add(node))]);
        var ring = new RingVersion(Ring, to, planId: 9, Given.StandingsOf(_view.State));
        _view = _view with { State = _view.State.With(ring) };
        Coordinator.Tell(new ViewChanged(_view, StateHash: 77));
    }

    /// <summary>A key whose walk begins at the node.</summary>
    protected StorageKey KeyOf(NodeId first) => Given.KeyWhere(k => Ring.Walk(Ring.PartitionOf(k.Token))[0] == first);

    protected TestProbe ReplicaOf(NodeId node) => Played(node, NodePaths.Replica);

    protected TestProbe HintsOf(NodeId node) => Played(node, NodePaths.Hints);

    protected TestProbe Played(NodeId node, string actor)
    {
        if (_probes.TryGetValue((node, actor), out var known)) return known;
        var probe = _probes[(node, actor)] = CreateTestProbe($"{node}-{actor}");
        _peers[node].Play(actor, probe);
        return probe;
    }

    protected ContextToken NewContexts() => new(Settings.Cluster.Secret.AsSpan());

    // ---- the client's part

    protected GetRequest Get(StorageKey key, QuorumOverrides? options = null, int timeoutMs = 0) =>
        new(++_lastId, key, options ?? QuorumOverrides.None, timeoutMs);

    protected PutRequest Put(StorageKey key, string value, QuorumOverrides? options = null, byte[]? context = null, int timeoutMs = 0, bool isForwarded = false) => new(
        ++_lastId, key, context ?? [], Encoding.UTF8.GetBytes(value), IsDelete: false, WriteId: (ulong)_lastId + 1000, options ?? QuorumOverrides.None, timeoutMs, isForwarded);

    protected void Ask(params ImmutableArray<ClientRequest> requests) => Coordinator.Tell(new ClientBatch(requests), Client);

    protected T ExpectReply<T>()
        where T : ClientReply
    {
        var replies = Client.ExpectMsg<ClientReplies>(Given.Long);
        Assert.Equal(77UL, replies.StateHash);
        return Assert.IsType<T>(Assert.Single(replies.Replies));
    }

    protected RequestFailed ExpectFailure(FailureKind kind)
    {
        var failed = ExpectReply<RequestFailed>();
        Assert.Equal(kind, failed.Kind);
        return failed;
    }

    /// <summary>Sends a request that is refused at once: its reply comes after the replies to everything sent before.</summary>
    protected void ExpectNoMoreReplies()
    {
        Ask(Get(StorageKey.Of("")));
        Assert.Contains("the key is empty", ExpectFailure(FailureKind.BadRequest).Reason, StringComparison.Ordinal);
    }

    // ---- the replicas' part

    /// <summary>This node's replica (or hint buffer) mints as a real store would.</summary>
    protected MintItem ExpectMint(TestProbe? from = null, bool synced = true)
    {
        var probe = from ?? Replica;
        var batch = probe.ExpectMsg<MintBatch>(Given.Long);
        probe.Reply(MintAll(batch, synced));
        return Assert.Single(batch.Items);
    }

    protected Minted MintAll(MintBatch batch, bool synced = true) => new(_engine.WriteAsync(StoreBatches.Mints(batch)).GetAwaiter().GetResult(), synced);

    /// <param name="outcome">Null: no answer.</param>
    protected static WriteItem ExpectWrite(TestProbe probe, WriteOutcome? outcome = WriteOutcome.Synced)
    {
        var item = Assert.Single(probe.ExpectMsg<WriteBatch>(Given.Long).Items);
        if (outcome is { } said) probe.Reply(new WriteAnswers([said]));
        return item;
    }

    /// <summary>The replica merges as a real store would, on top of what it holds.</summary>
    protected static WriteItem ExpectMerge(TestProbe probe, MemoryEngine engine)
    {
        var batch = probe.ExpectMsg<WriteBatch>(Given.Long);
        probe.Reply(StoreBatches.Outcomes(engine, batch, engine.WriteAsync(StoreBatches.Merges(batch)).GetAwaiter().GetResult()));
        return Assert.Single(batch.Items);
    }

    /// <param name="answer">Null: no answer.</param>
    protected static ReadItem ExpectRead(TestProbe probe, VersionSet? answer = null)
    {
        var item = Assert.Single(probe.ExpectMsg<ReadBatch>(Given.Long).Items);
        if (answer is not null) probe.Reply(new ReadAnswers([item.DigestOnly ? new ReadAnswer(null, VersionCodec.Digest(item.Key, answer)) : new ReadAnswer(answer, 0)]));
        return item;
    }

    protected static string[] Texts(GetReply reply) => [.. reply.Values.Select(v => Encoding.UTF8.GetString(v.Span)).Order(StringComparer.Ordinal)];
}
