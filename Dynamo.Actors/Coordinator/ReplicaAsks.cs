using Akka.Actor;
using Dynamo.Actors.Settings;
using Dynamo.Actors.Shared;
using Dynamo.Actors.Storage;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;
using Dynamo.Protocol;

namespace Dynamo.Actors.Coordinator;

/// <summary>
/// Sends the coordinator's requests to the replicas of all nodes, its own included: items queue in a lane per actor, and a flush asks each lane's
/// items as one message with a timeout. The outcome reaches the coordinator as a message.
/// </summary>
internal sealed class ReplicaAsks
{
    // Batches in flight to a peer from which the next one waits. Fewer add only delay, more save no messages (docs/decisions/0004).
    private const int PeerWindow = 4;

    // A batch that takes longer is delayed by something: a disk, a large value, a node that is down.
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
        // No fallback replaces the node's own store, so it gets the whole request timeout.
        _mintTimeout = settings.Request.Timeout;
        _system = system;
        _coordinator = coordinator;
        _self = settings.Node.Id;
        _ownReplica = ownReplica;
        _ownHints = ownHints;
        _traffic = traffic;
        _view = new ClusterView(_self, ClusterState.Empty, []);
        var toPeers = new LaneLimits(settings.Limits.ReplicaQueue, settings.Limits.BatchBytes, PeerWindow, MaxWait);
        // The node's own store batches writes itself while it commits; waiting for a turn of this actor in between would only delay it.
        var toOwnStore = toPeers with { Window = int.MaxValue };
        _reads = new(toPeers, SizeOf, AskRead);
        _writes = new(toPeers, SizeOf, batch => AskWrite(batch, ReplicaOf(batch.Node)));
        _hints = new(toPeers, SizeOf, batch => AskWrite(batch, batch.Node == _self ? _ownHints : ActorOf(batch.Node, NodePaths.Hints)));
        _mints = new(toOwnStore, SizeOf, batch => AskMint(batch, _ownReplica));
        _hintMints = new(toOwnStore, SizeOf, batch => AskMint(batch, _ownHints));
    }

    public void Use(ClusterView view)
    {
        _view = view;
        _actors.Clear();
    }

    /// <returns>False when the replica's queue is full: the replica counts as failed.</returns>
    public bool TryRead(NodeId node, ReadItem item, Purpose purpose) => _reads.TryAdd(node, item, purpose);

    /// <inheritdoc cref="TryRead"/>
    public bool TryWrite(NodeId node, WriteItem item, Purpose purpose)
    {
        var lanes = item.HintFor is null ? _writes : _hints;
        if (SizeOf(item) <= RecordSizes.SliceBytes) return lanes.TryAdd(node, item, purpose);
        var slices = SetSlices.Of(item.Set, RecordSizes.SliceBytes).ToArray();
        var slice = new Purpose.Slice(purpose, slices.Length);
        // Slices that were taken before the queue was full do no harm: each is a valid set.
        return slices.All(set => lanes.TryAdd(node, item with { Set = set }, slice));
    }

    /// <summary>Reads a set that did not fit its batch's answer; it comes as a <see cref="SetCame"/>.</summary>
    public void ReadInSlices(NodeId node, ReadItem item, Purpose purpose)
    {
        var replica = ReplicaOf(node);
        if (replica is null) _coordinator.Tell(new SetCame(purpose, ReadAnswer.Failed));
        else
            LargeSets.ReadAsync(replica, item.Key, item.HintFor, _timeout)
                .PipeTo(_coordinator, success: set => new SetCame(purpose, set is null ? ReadAnswer.Failed : new ReadAnswer(set, 0)), failure: e => new SetCame(purpose, ReadAnswer.Failed, e is AskTimeoutException));
    }

    /// <inheritdoc cref="TryRead"/>
    public bool TryMint(MintItem item, Purpose purpose) => (item.HintFor is null ? _mints : _hintMints).TryAdd(_self, item, purpose);

    public void Flush()
    {
        var now = _system.Scheduler.MonotonicClock;
        _mints.Flush(now);
        _hintMints.Flush(now);
        _writes.Flush(now);
        _hints.Flush(now);
        _reads.Flush(now);
    }

    /// <summary>Completes a batch that came back.</summary>
    /// <inheritdoc cref="Lane{TItem}.Batch.Complete" path="/returns"/>
    public Purpose[] Complete<TItem>(Lane<TItem>.Batch batch, bool isAnswered)
    {
        if (batch.Node != _self) _traffic.Note(batch.Node, isAnswered);
        return batch.Complete();
    }

    /// <summary>Writes came back.</summary>
    /// <returns>The outcome of each set; of one that travelled in slices, once its last slice is answered.</returns>
    public IEnumerable<(Purpose Purpose, WriteOutcome Outcome, long? KeptMs)> Complete(WritesCame came)
    {
        var purposes = Complete(came.Batch, came.Answers is not null);
        for (var i = 0; i < purposes.Length; i++)
        {
            var outcome = came.Answers?.Outcomes[i] ?? WriteOutcome.Refused;
            if (purposes[i] is not Purpose.Slice slice) yield return (purposes[i], outcome, came.Answers?.KeptMsOf(i));
            else if (slice.Answered(outcome) is { } whole) yield return (slice.Of, whole, null);
        }
    }

    public IActorRef? CoordinatorOf(NodeId node) => ActorOf(node, NodePaths.Coordinator);

    public IActorRef? ReplicaOf(NodeId node) => node == _self ? _ownReplica : ActorOf(node, NodePaths.Replica);

    private void AskRead(Lane<ReadItem>.Batch batch)
    {
        var replica = ReplicaOf(batch.Node);
        if (replica is null) _coordinator.Tell(new ReadsCame(batch, null));
        else
            replica.Ask<ReadAnswers>(new ReadBatch(batch.Items), _timeout)
                .PipeTo(
                    _coordinator,
                    success: answers => new ReadsCame(batch, answers.Answers.Length == batch.Items.Length ? answers : null),
                    failure: e => new ReadsCame(batch, null, e is AskTimeoutException));
    }

    private void AskWrite(Lane<WriteItem>.Batch batch, IActorRef? to)
    {
        if (to is null) _coordinator.Tell(new WritesCame(batch, null));
        else
            to.Ask<WriteAnswers>(new WriteBatch(batch.Items), _timeout)
                .PipeTo(
                    _coordinator,
                    success: answers => new WritesCame(batch, answers.Outcomes.Length == batch.Items.Length ? answers : null),
                    failure: e => new WritesCame(batch, null, e is AskTimeoutException));
    }

    private void AskMint(Lane<MintItem>.Batch batch, IActorRef store) =>
        store.Ask<Minted>(new MintBatch(batch.Items), _mintTimeout)
            .PipeTo(_coordinator, success: minted => new MintsCame(batch, minted, null), failure: e => new MintsCame(batch, null, e));

    private IActorRef? ActorOf(NodeId node, string actor)
    {
        if (_actors.TryGetValue((node, actor), out var known)) return known;
        if (_view.AddressOf(node) is not { } address) return null;
        return _actors[(node, actor)] = NodePaths.Of(_system, node, address, actor);
    }

    private static int SizeOf(ReadItem item) => item.Key.Encoded.Length + (item.HintFor?.Name.Length ?? 0) + 8;

    private static int SizeOf(WriteItem item) => RecordSizes.Of(item.Key, item.Set) + (item.HintFor?.Name.Length ?? 0);

    private static int SizeOf(MintItem item) => item.Write.Value.Length;
}
