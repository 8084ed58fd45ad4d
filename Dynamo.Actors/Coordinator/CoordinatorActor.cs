using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Dynamo.Actors.Settings;
using Dynamo.Actors.Shared;
using Dynamo.Actors.Storage;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Quorum;
using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;
using Dynamo.Protocol;

namespace Dynamo.Actors.Coordinator;

/// <summary>
/// Coordinates gets and puts (sections 4.5 and 4.6 of the paper). Each request is a pure operation of Dynamo.Core; this actor asks the
/// replicas, feeds the answers in, and does what follows: replies once the quorum is met, and goes on until all have answered, so that
/// a late failure becomes a hint and a late answer a repair.
/// </summary>
public sealed class CoordinatorActor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMilliseconds(100);
    private readonly DynamoSettings _settings;
    private readonly NodeId _self;
    private readonly BackgroundPace _pace;
    private readonly ContextToken _contexts;
    private readonly RequestChecks _checks;
    private readonly ReplicaAsks _asks;
    private readonly ForwardedWrites _forwards;
    private readonly Replies _replies = new();
    private readonly RecentWrites _recentWrites = new();
    private readonly Dictionary<long, Pending> _pending = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private ClusterView _view;
    private ulong _stateHash;
    private long _lastRequest;
    private bool _isFlushQueued;
    private bool _isDraining;

    public CoordinatorActor(DynamoSettings settings, IActorRef replica, IActorRef hints, BackgroundPace pace, PeerTraffic traffic)
    {
        // Another life's numbers, answers to which may still come, are not given again.
        _lastRequest = Context.System.Scheduler.MonotonicClock.Ticks;
        _settings = settings;
        _self = settings.Node.Id;
        _pace = pace;
        _contexts = new ContextToken(settings.Cluster.Secret.AsSpan());
        _checks = new RequestChecks(settings, _contexts);
        _asks = new ReplicaAsks(settings, Context.System, Self, replica, hints, traffic);
        _forwards = new ForwardedWrites(_asks, _self);
        _view = new ClusterView(_self, ClusterState.Empty, []);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    public static Props Props(DynamoSettings settings, IActorRef replica, IActorRef hints, BackgroundPace pace, PeerTraffic traffic) =>
        Akka.Actor.Props.Create(() => new CoordinatorActor(settings, replica, hints, pace, traffic));

    protected override void PreStart() => Timers.StartPeriodicTimer("sweep", Sweep.Instance, SweepInterval);

    protected override void PostStop() => _contexts.Dispose();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClientBatch batch: foreach (var request in batch.Requests) Begin(request); break;
            case MintsCame came: OnMints(came); break;
            case WritesCame came: OnWrites(came); break;
            case ReadsCame came: OnReads(came); break;
            case Flush: OnFlush(); return;
            case Sweep: OnSweep(); break;
            case ViewChanged changed: OnView(changed); return;
            case DrainRequest drain:
                _isDraining = drain.IsOn;
                Sender.Tell(new DrainState(_isDraining, _pending.Count, HintsHeld: 0));
                return;
            default: Unhandled(message); return;
        }
        if (_isFlushQueued) return;
        _isFlushQueued = true;
        Self.Tell(Flush.Instance);
    }

    private void OnView(ViewChanged changed)
    {
        _view = changed.View;
        _stateHash = changed.StateHash;
        _asks.Use(changed.View);
    }

    private void OnFlush()
    {
        _isFlushQueued = false;
        _asks.Flush();
        _replies.Flush(_stateHash, _settings.Limits.BatchBytes, Self);
    }

    // ---- a request begins

    private void Begin(ClientRequest request)
    {
        if (request is PutRequest again && (_recentWrites.Has(again.WriteId) || _recentWrites.Has(DeliveryOf(again)))) return;
        if (_checks.Check(request) is { } refusal)
        {
            _replies.Add(Sender, refusal);
            return;
        }
        if (_isDraining)
        {
            Refuse(request, FailureKind.WrongNode, $"node {_self} is being drained");
            return;
        }
        if (_view.Ring.IsNone)
        {
            Refuse(request, FailureKind.WrongNode, $"node {_self} has no ring yet");
            return;
        }
        if (_pending.Count >= _settings.Limits.InFlight)
        {
            Refuse(request, FailureKind.Overloaded, $"node {_self} has {_pending.Count} requests in flight: {_settings.Limits.InFlight} is the limit (dynamo.limits.in-flight)");
            return;
        }
        try
        {
            var bucket = _checks.OptionsOf(_view, request);
            var rules = RequestChecks.RulesOf(bucket, request.Options);
            if (request is PutRequest put) BeginPut(put, bucket, rules);
            else BeginGet((GetRequest)request, bucket, rules);
        }
        catch (BadQuorumException e)
        {
            Refuse(request, FailureKind.BadRequest, e.Message);
        }
        catch (BadContextException e)
        {
            Refuse(request, FailureKind.BadContext, e.Message);
        }
    }

    private void Refuse(ClientRequest request, FailureKind kind, string reason)
    {
        if (request is PutRequest put) _recentWrites.Add(DeliveryOf(put));
        _replies.Add(Sender, new RequestFailed(request.Id, kind, reason));
    }

    // What was refused may come again by another way, and is judged afresh; the same delivery of it, which the network repeated, is not.
    private static ulong DeliveryOf(PutRequest put) => put.WriteId ^ ((ulong)put.Id * 0x9E3779B97F4A7C15);

    private void BeginGet(GetRequest request, BucketOptions bucket, QuorumRules rules)
    {
        var partition = _view.Ring.PartitionOf(request.Key.Token);
        var participants = SelfFirst(PreferenceList.Choose(_view.Ring, partition, rules.N, _view.IsHealthy));
        var operation = new ReadOperation(request.Key, participants, rules.R, rules.PR, bucket.Conflicts);
        var id = Track(new PendingGet(request, Sender, partition, rules, Now, DeadlineOf(request), operation));
        for (var place = 0; place < participants.Length; place++) Fetch(id, place, digestOnly: place > 0);
        Settle(id, _pending[id]);
    }

    private void BeginPut(PutRequest request, BucketOptions bucket, QuorumRules rules)
    {
        var write = _checks.WriteOf(request, Context.System.Scheduler.Now.ToUnixTimeMilliseconds(), bucket.Conflicts);
        var partition = _view.Ring.PartitionOf(request.Key.Token);
        var participants = SelfFirst(PreferenceList.Choose(_view.Ring, partition, rules.N, _view.IsHealthy));
        if (participants[0].Node != _self)
        {
            Forward(request, participants[0].Node);
            return;
        }
        var operation = new WriteOperation(participants, rules);
        var pending = new PendingPut(request, Sender, partition, rules, Now, DeadlineOf(request), operation, write, bucket.Conflicts);
        var item = new MintItem(request.Key, pending.Own.HintFor, write, bucket.Conflicts, Math.Max(_settings.Limits.RecordBytes, write.Value.Length));
        if (_asks.TryMint(item, new Tag(_lastRequest + 1, 0)))
        {
            _recentWrites.Add(request.WriteId);
            Track(pending);
        }
        else
        {
            Refuse(request, FailureKind.Overloaded, $"node {_self} has {_settings.Limits.ReplicaQueue} writes waiting for its store: that is the limit (dynamo.limits.replica-queue)");
        }
    }

    // A dot is minted by a replica's store (or a stand-in's), so a write goes to one; the client, which knows the ring, rarely needs this.
    private void Forward(PutRequest request, NodeId to)
    {
        if (request.IsForwarded || _asks.CoordinatorOf(to) is not { } coordinator)
            Refuse(request, FailureKind.WrongNode, $"node {_self} is no replica of the key");
        else
            coordinator.Tell(new ClientBatch([request with { IsForwarded = true }]), Sender);
    }

    private long Track(Pending pending)
    {
        _pending[++_lastRequest] = pending;
        return _lastRequest;
    }

    // A request must not outlive what a tombstone is kept for: what it deletes, or brings back, is settled before.
    private TimeSpan DeadlineOf(ClientRequest request)
    {
        var asked = request.TimeoutMs > 0 ? TimeSpan.FromMilliseconds(request.TimeoutMs) : _settings.Request.Timeout;
        var most = _settings.Tombstones.Grace / 2;
        return Now + (asked < most ? asked : most);
    }

    private ImmutableArray<Participant> SelfFirst(ImmutableArray<Participant> participants)
    {
        for (var place = 1; place < participants.Length; place++)
            if (participants[place].Node == _self) return participants.RemoveAt(place).Insert(0, participants[place]);
        return participants;
    }

    private void Fetch(long id, int place, bool digestOnly)
    {
        var get = (PendingGet)_pending[id];
        var participant = get.Quorum.Participants[place];
        if (!_asks.TryRead(participant.Node, new ReadItem(get.Request.Key, participant.StandsInFor, digestOnly), new Tag(id, place))) OnFailed(id, place);
    }

    // ---- answers come

    private void OnMints(MintsCame came)
    {
        _asks.Returned(came);
        for (var i = 0; i < came.Tags.Length; i++)
        {
            if (!_pending.TryGetValue(came.Tags[i].Request, out var pending) || pending is not PendingPut put) continue;
            if (came.Minted is { } minted && minted.Applied[i].Minted is { } dot)
            {
                put.Operation.Coordinated(minted.Applied[i].After.Versions, dot, put.Write.Context, minted.Synced);
                Spread(came.Tags[i].Request, put);
                Settle(came.Tags[i].Request, put);
                continue;
            }
            _pending.Remove(came.Tags[i].Request);
            if (came.Minted is null) OnNotMinted(put, came.Failure!);
            else OnTooLarge(put, came.Minted.Applied[i].Before.Versions);
        }
    }

    private void OnTooLarge(PendingPut put, VersionSet held)
    {
        if (put.IsReplied) return;
        _replies.Add(put.Client, new RequestFailed(
            put.Request.Id, FailureKind.BadRequest,
            $"the key has {held.Siblings.Length} siblings of {held.ValueBytes} bytes together, and this value beside them is over the limit of {_settings.Limits.RecordBytes} (dynamo.limits.record-bytes): a put with the context of a get replaces them"));
    }

    // Without a dot there is no write, and nothing was sent to anyone. But a store that did not answer may still make one.
    private void OnNotMinted(PendingPut put, Exception failure)
    {
        if (put.IsReplied) return;
        _replies.Add(put.Client, failure is AskTimeoutException
            ? Replies.NotMet(put, $" in time: not even node {_self}'s own store")
            : new RequestFailed(put.Request.Id, FailureKind.NotStored, $"node {_self} could not store the write: {failure.Message}"));
    }

    private void Spread(long id, PendingPut put)
    {
        var others = put.Quorum.Participants.Count;
        for (var place = 1; place < others; place++) Store(id, put, place);
        foreach (var node in _view.State.Ring.Incoming(put.Partition))
            if (_view.State.Ring.To.IsPrimary(node, put.Partition, NOf(put.Request)) && put.Quorum.Participants.All(p => p.Node != node || !p.IsPrimary))
                _forwards.Send(new WriteItem(put.Request.Key, put.Operation.Stored!, null, put.Conflicts, WriteCause.Put), node);
        WarnOfSiblings(put);
    }

    private int NOf(ClientRequest request) => _checks.OptionsOf(_view, request).Quorum.N;

    private void Store(long id, PendingPut put, int place)
    {
        var to = put.Quorum.Participants[place];
        var item = new WriteItem(put.Request.Key, put.Operation.Stored!, to.StandsInFor, put.Conflicts, WriteCause.Put);
        if (!_asks.TryWrite(to.Node, item, new Tag(id, place))) OnFailed(id, place);
    }

    private void OnWrites(WritesCame came)
    {
        _asks.Returned(came);
        for (var i = 0; i < came.Tags.Length; i++)
        {
            var (id, place) = came.Tags[i];
            var outcome = came.Answers?.Outcomes[i] ?? WriteOutcome.Refused;
            _forwards.Answered(id, isTaken: outcome != WriteOutcome.Refused);
            if (!_pending.TryGetValue(id, out var pending) || pending is not PendingPut put) continue;
            if (outcome == WriteOutcome.Refused) OnFailed(id, place, came.IsLate);
            else put.Operation.Ack(place, outcome == WriteOutcome.Synced);
            Settle(id, put);
        }
    }

    private void OnReads(ReadsCame came)
    {
        _asks.Returned(came);
        for (var i = 0; i < came.Tags.Length; i++)
        {
            var (id, place) = came.Tags[i];
            if (!_pending.TryGetValue(id, out var pending) || pending is not PendingGet get) continue;
            if (came.Answers?.Answers[i] is not { IsFailed: false } answer) OnFailed(id, place, came.IsLate);
            else if (answer.Set is null && Now >= get.Deadline) OnFailed(id, place);
            else if (answer.Set is null && get.Operation.IsFetching(place)) Fetch(id, place, digestOnly: false);
            else FetchWanted(id, answer.Set is { } set ? get.Operation.Answer(place, set) : get.Operation.Answer(place, answer.Digest));
            Settle(id, get);
        }
    }

    private void FetchWanted(long id, IReadOnlyList<int> wanted)
    {
        foreach (var place in wanted) Fetch(id, place, digestOnly: false);
    }

    // A participant that fails is replaced by the next healthy node beyond the primaries, while there is one and time is left. Where there is
    // none, a participant that is only late is asked again: both questions may be asked twice.
    private void OnFailed(long id, int place, bool isLate = false)
    {
        var pending = _pending[id];
        if (pending.Quorum.HasAnswered(place)) return;
        var failed = pending.Quorum.Participants[place];
        var standIn = StandInFor(pending);
        if (standIn is null && isLate && IsWorthWaitingFor(pending, place, failed.Node))
        {
            if (pending is PendingPut late) Store(id, late, place);
            else Fetch(id, place, digestOnly: !((PendingGet)pending).Operation.IsFetching(place));
            return;
        }

        if (pending is PendingGet get) FetchWanted(id, get.Operation.Fail(place));
        else pending.Quorum.Fail(place);
        if (standIn is null || (pending is PendingGet && pending.Quorum.Verdict == Verdict.Met)) return;
        var participant = new Participant(standIn.Value, failed.StandsInFor ?? failed.Node);
        if (pending is PendingPut put) Store(id, put, put.Quorum.Add(participant));
        else Fetch(id, ((PendingGet)pending).Operation.Add(participant), digestOnly: false);
    }

    private NodeId? StandInFor(Pending pending) => Now >= pending.Deadline || pending.Quorum.Participants.Count >= Tally.MaxParticipants
        ? null : PreferenceList.NextFallback(_view.Ring, pending.Partition, pending.Rules.N, pending.Quorum.Participants, _view.IsHealthy);

    // The others' digests say nothing before the first place of a get is settled: it must not keep them waiting.
    private bool IsWorthWaitingFor(Pending pending, int place, NodeId node) =>
        !pending.IsReplied && Now < pending.Deadline && _view.IsHealthy(node) && (pending is PendingPut || place > 0);

    // ---- what follows

    private void Settle(long id, Pending pending)
    {
        if (!pending.IsReplied && pending.Quorum.Verdict is var verdict and not Verdict.Pending)
        {
            pending.IsReplied = true;
            _pace.Record(Now - pending.Began);
            _replies.Add(pending.Client, verdict == Verdict.Met ? Success(pending) : Replies.NotMet(pending, ""));
        }
        if (!pending.Quorum.IsComplete) return;
        _pending.Remove(id);
        if (pending is PendingGet get) Repair(get);
    }

    private ClientReply Success(Pending pending) =>
        pending is PendingGet get ? Replies.Of(get, _contexts) : Replies.Of((PendingPut)pending, _contexts);

    // Section 5: replicas that answered with less than the whole are sent the whole, after the client has its answer.
    private void Repair(PendingGet get)
    {
        if (get.Operation.Merged.IsEmpty) return;
        var mode = _checks.OptionsOf(_view, get.Request).Conflicts;
        foreach (var stale in get.Operation.Stale())
            _asks.TryWrite(stale.Node, new WriteItem(get.Request.Key, get.Operation.Merged, null, mode, WriteCause.ReadRepair), Tag.None);
    }

    private void OnSweep()
    {
        var now = Now;
        List<long>? late = null;
        foreach (var (id, pending) in _pending)
            if (!pending.IsReplied && now >= pending.Deadline) (late ??= []).Add(id);
        foreach (var id in late ?? [])
        {
            var pending = _pending[id];
            pending.IsReplied = true;
            _pace.Record(now - pending.Began);
            _replies.Add(pending.Client, Replies.NotMet(pending, " in time"));
        }
    }

    private void WarnOfSiblings(PendingPut put)
    {
        var siblings = put.Operation.Stored!.Siblings.Length;
        var warn = _checks.OptionsOf(_view, put.Request).WarnSiblings;
        if (siblings <= warn) return;
        NodeMetrics.SiblingWarnings.Add(1, new KeyValuePair<string, object?>("bucket", put.Request.Key.Bucket));
        _log.Warning("key {0} has {1} siblings, more than {2}: its writers do not pass contexts on", put.Request.Key, siblings, warn);
    }
}
