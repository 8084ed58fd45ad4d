using System.Collections.Immutable;
using Akka.Actor;
using Dynamo.Actors.Settings;
using Dynamo.Actors.Shared;
using Dynamo.Actors.Storage;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Actors.Coordinator;

/// <summary>
/// The coordinator's way to the replicas of all nodes, its own included: items gather in a lane for each actor, and a flush sends each lane as
/// one message that is asked with a timeout. The outcome comes to the coordinator as a message.
/// </summary>
internal sealed class ReplicaAsks
{
    // Batches under way to a peer from which the next one waits: fewer only wait, more save no message (docs/decisions/0004).
    private const int PeerWindow = 4;

    // A batch that takes longer is held up by something: a disk, a large value, a node that is down.
    private static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(20);
    private readonly TimeSpan _timeout;
    private readonly TimeSpan _mintTimeout;
    private readonly ActorSystem _system;
    private readonly IActorRef _coordinator;
    private readonly NodeId _self;
    private readonly IActorRef _ownReplica;
    private readonly IActorRef _ownHints;
    private readonly PeerTraffic _traffic;
    private readonly Lanes<ReadItem> _reads;
    private readonly Lanes<WriteItem> _writes;
    private readonly Lanes<WriteItem> _hints;
    private readonly Lanes<MintItem> _mints;
    private readonly Lanes<MintItem> _hintMints;
    private readonly Dictionary<(NodeId, string), IActorRef> _actors = [];
    private ClusterView _view;

    public ReplicaAsks(DynamoSettings settings, ActorSystem system, IActorRef coordinator, IActorRef ownReplica, IActorRef ownHints, PeerTraffic traffic)
    {
        _timeout = settings.Request.ReplicaTimeout;
        // There is nobody to stand in for the node's own store: it has as long as the request.
        _mintTimeout = settings.Request.Timeout;
        _system = system;
        _coordinator = coordinator;
        _self = settings.Node.Id;
        _ownReplica = ownReplica;
        _ownHints = ownHints;
        _traffic = traffic;
        _view = new ClusterView(_self, ClusterState.Empty, []);
        var toPeers = new LaneLimits(settings.Limits.ReplicaQueue, settings.Limits.BatchBytes, PeerWindow, MaxWait);
        // The own store gathers by itself what comes while it commits, and must not wait for a turn of this actor in between.
        var toOwnStore = toPeers with { Window = int.MaxValue };
        _reads = new(toPeers, item => item.Key.Encoded.Length + 8);
        _writes = new(toPeers, SizeOf);
        _hints = new(toPeers, SizeOf);
        _mints = new(toOwnStore, item => item.Write.Value.Length);
        _hintMints = new(toOwnStore, item => item.Write.Value.Length);
    }

    public void Use(ClusterView view)
    {
        _view = view;
        _actors.Clear();
    }

    /// <returns>False when the replica's queue is full: it counts as failed.</returns>
    public bool TryRead(NodeId node, ReadItem item, Tag tag) => _reads.TryAdd(node, item, tag);

    /// <inheritdoc cref="TryRead"/>
    public bool TryWrite(NodeId node, WriteItem item, Tag tag) => (item.HintFor is null ? _writes : _hints).TryAdd(node, item, tag);

    /// <inheritdoc cref="TryRead"/>
    public bool TryMint(MintItem item, Tag tag) => (item.HintFor is null ? _mints : _hintMints).TryAdd(_self, item, tag);

    public void Flush()
    {
        var now = _system.Scheduler.MonotonicClock;
        _mints.Flush(now, (_, items, tags) => AskMint(items, tags, asHints: false));
        _hintMints.Flush(now, (_, items, tags) => AskMint(items, tags, asHints: true));
        _writes.Flush(now, (node, items, tags) => AskWrite(node, items, tags, asHints: false));
        _hints.Flush(now, (node, items, tags) => AskWrite(node, items, tags, asHints: true));
        _reads.Flush(now, AskRead);
    }

    public void Returned(ReadsCame came)
    {
        _reads.Returned(came.Node, came.Tags.Length);
        Note(came.Node, came.Answers is not null);
    }

    public void Returned(WritesCame came)
    {
        (came.AsHints ? _hints : _writes).Returned(came.Node, came.Tags.Length);
        Note(came.Node, came.Answers is not null);
    }

    public void Returned(MintsCame came) => (came.AsHints ? _hintMints : _mints).Returned(_self, came.Tags.Length);

    public IActorRef? CoordinatorOf(NodeId node) => ActorOf(node, NodePaths.Coordinator);

    private void Note(NodeId node, bool isAnswered)
    {
        if (node != _self) _traffic.Note(node, isAnswered);
    }

    private void AskRead(NodeId node, ImmutableArray<ReadItem> items, Tag[] tags)
    {
        var replica = node == _self ? _ownReplica : ActorOf(node, NodePaths.Replica);
        if (replica is null) _coordinator.Tell(new ReadsCame(node, tags, null));
        else
            replica.Ask<ReadAnswers>(new ReadBatch(items), _timeout)
                .PipeTo(_coordinator, success: answers => new ReadsCame(node, tags, answers.Answers.Length == tags.Length ? answers : null), failure: e => new ReadsCame(node, tags, null, e is AskTimeoutException));
    }

    private void AskWrite(NodeId node, ImmutableArray<WriteItem> items, Tag[] tags, bool asHints)
    {
        var replica = asHints ? HintsOf(node) : node == _self ? _ownReplica : ActorOf(node, NodePaths.Replica);
        if (replica is null) _coordinator.Tell(new WritesCame(node, asHints, tags, null));
        else
            replica.Ask<WriteAnswers>(new WriteBatch(items), _timeout)
                .PipeTo(
                    _coordinator,
                    success: answers => new WritesCame(node, asHints, tags, answers.Outcomes.Length == tags.Length ? answers : null),
                    failure: e => new WritesCame(node, asHints, tags, null, e is AskTimeoutException));
    }

    private void AskMint(ImmutableArray<MintItem> items, Tag[] tags, bool asHints) =>
        (asHints ? _ownHints : _ownReplica).Ask<Minted>(new MintBatch(items), _mintTimeout)
            .PipeTo(_coordinator, success: minted => new MintsCame(asHints, tags, minted, null), failure: e => new MintsCame(asHints, tags, null, e));

    private IActorRef? HintsOf(NodeId node) => node == _self ? _ownHints : ActorOf(node, NodePaths.Hints);

    private IActorRef? ActorOf(NodeId node, string actor)
    {
        if (_actors.TryGetValue((node, actor), out var known)) return known;
        if (_view.AddressOf(node) is not { } address) return null;
        return _actors[(node, actor)] = NodePaths.Of(_system, node, address, actor);
    }

    private static int SizeOf(WriteItem item) => RecordSizes.Of(item.Key, item.Set);
}
