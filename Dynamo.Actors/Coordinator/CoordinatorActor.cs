using Akka.Actor;
using Akka.Event;
using Dynamo.Actors.Settings;
using Dynamo.Actors.Shared;
using Dynamo.Actors.Storage;
using Dynamo.Core.Background;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Quorum;
using Dynamo.Core.Requests;
using Dynamo.Core.Versioning;
using Dynamo.Protocol;

namespace Dynamo.Actors.Coordinator;

/// <summary>
/// Coordinates gets and puts (sections 4.5 and 4.6 of the paper). Dynamo.Core/Requests makes the decisions; this actor admits requests, routes
/// answers to the requests they belong to, and has the effects carried out. Outgoing messages are batched until a flush.
/// </summary>
public sealed class CoordinatorActor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMilliseconds(100);

    // The interval that PaceController is tuned for.
    private static readonly TimeSpan PaceInterval = TimeSpan.FromSeconds(1);
    private readonly ContextToken _contexts;
    private readonly RequestChecks _checks;
    private readonly Intake _intake;
    private readonly ReplicaAsks _asks;
    private readonly Replies _replies;
    private readonly Relays _relays;
    private readonly Listings _listings;
    private readonly EffectRunner _runner;
    private readonly RecentWrites _recentWrites = new();
    private readonly HashSet<Pending> _pending = [];
    private readonly List<Effect> _effects = [];
    private readonly PaceController _foreground;
    private readonly BackgroundPace _pace;
    private ClusterView _view;
    private ulong _stateHash;
    private bool _isFlushQueued;
    private bool _isDraining;

    // Requests of the current batch that were taken up, the one in hand included; the rest were not begun.
    private int _admitted;

    public CoordinatorActor(DynamoSettings settings, IActorRef replica, IActorRef hints, BackgroundPace pace, PeerTraffic traffic)
    {
        _contexts = new ContextToken(settings.Cluster.Secret.AsSpan());
        _checks = new RequestChecks(settings, _contexts);
        _intake = new Intake(settings, _checks, Context.System.Scheduler);
        _asks = new ReplicaAsks(settings, Context.System, Self, replica, hints, traffic);
        _replies = new Replies(settings, _contexts, Context.System.Scheduler);
        _pace = pace;
        _foreground = new PaceController(pace.Target);
        _relays = new Relays(settings.Node.Id, _asks, _replies, Self);
        _listings = new Listings(settings, _checks, _asks, Self, Context.System.Scheduler);
        _runner = new EffectRunner(settings, Self, _checks, _asks, _replies, _relays, _recentWrites, _pending, _foreground, Context.GetLogger());
        _view = new ClusterView(settings.Node.Id, ClusterState.Empty, []);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    public static Props Props(DynamoSettings settings, IActorRef replica, IActorRef hints, BackgroundPace pace, PeerTraffic traffic) =>
        Akka.Actor.Props.Create(() => new CoordinatorActor(settings, replica, hints, pace, traffic));

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer("sweep", Sweep.Instance, SweepInterval);
        Timers.StartPeriodicTimer("pace", PaceTick.Instance, PaceInterval);
    }

    // The restarted actor knows nothing of these requests, and their clients would wait for the full timeout. The request that caused the failure is left
    // to time out: resent to another node at once, it may make that node fail too.
    protected override void PreRestart(Exception reason, object message)
    {
        foreach (var pending in _pending)
            if (!pending.Coordination.IsReplied) _replies.AddLost(pending.Client, pending.Request, isBegun: true);
        if (message is ClientBatch batch)
            foreach (var request in batch.Requests.Skip(_admitted)) _replies.AddLost(Sender, request, isBegun: false);
        _relays.Lose();
        _replies.Flush(_stateHash, Self);
        base.PreRestart(reason, message);
    }

    protected override void PostStop() => _contexts.Dispose();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClientBatch batch: Admit(batch); break;
            case MintsCame came: OnMints(came); break;
            case WritesCame came: OnWrites(came); break;
            case ReadsCame came: OnReads(came); break;
            case SetCame came: OnRead(came.Purpose, came.Answer, came.IsLate); break;
            case ConditionRead read: OnConditionRead(read); break;
            case ClientReplies relayed: _relays.Take(relayed); break;
            case Listed listed: OnListed(listed); break;
            case Flush: OnFlush(); return;
            case Sweep: OnSweep(); break;
            case PaceTick: _pace.Publish(_foreground.Tick()); return;
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
        (_view, _stateHash) = (changed.View, changed.StateHash);
        _asks.Use(changed.View);
        _runner.Use(changed.View);
    }

    private void OnFlush()
    {
        _isFlushQueued = false;
        _asks.Flush();
        _replies.Flush(_stateHash, Self);
    }

    private void OnSweep()
    {
        var now = Now;
        _relays.Sweep(now);
        foreach (var pending in _pending)
        {
            pending.Coordination.TimePassed(now, _effects);
            Run(pending, now);
        }
    }

    // ---- incoming requests

    private void Admit(ClientBatch batch)
    {
        for (_admitted = 0; _admitted < batch.Requests.Length;) Admit(batch.Requests[_admitted++]);
    }

    private void Admit(ClientRequest request)
    {
        if (request is PutRequest again && _recentWrites.IsRepeated(again.WriteId, again.Id)) return;
        if (_checks.Check(request, _view) is { } bad)
        {
            _replies.Add(Sender, bad);
            return;
        }
        if (_checks.CheckNode(request, _view, _isDraining, _pending.Count + _relays.Count + _listings.Count) is { } refusal)
        {
            Refuse(request, refusal);
            return;
        }
        try
        {
            if (request is ListRequest list) _listings.Begin(list, Sender, _view);
            else Follow(_intake.Begin(request, Sender, _view, _effects));
        }
        catch (BadQuorumException e)
        {
            Refuse(request, new RequestFailed(request.Id, FailureKind.BadRequest, e.Message));
        }
        catch (BadContextException e)
        {
            Refuse(request, new RequestFailed(request.Id, FailureKind.BadContext, e.Message));
        }
    }

    private void Refuse(ClientRequest request, RequestFailed refusal)
    {
        if (request is PutRequest put) _recentWrites.Refused(put.WriteId, put.Id);
        _replies.Add(Sender, refusal);
    }

    private void OnListed(Listed listed)
    {
        _listings.Ended();
        _replies.Add(listed.Client, listed.Reply);
    }

    private void OnConditionRead(ConditionRead read)
    {
        var (check, found) = read;
        try
        {
            if (_intake.BeginChecked(check, found, _view, _effects, out var failed) is { } put) Follow(put);
            else _replies.Add(check, failed!);
        }
        catch (Exception e) when (e is BadQuorumException or BadContextException)
        {
            // The bucket was changed meanwhile.
            _replies.Add(check.Client, new RequestFailed(check.Request.Id, FailureKind.BadRequest, e.Message));
        }
    }

    private void Follow(Pending pending)
    {
        _pending.Add(pending);
        Run(pending, Now);
    }

    // ---- answers. A request that is not pending is finished, or belongs to this actor before a restart.

    private void OnMints(MintsCame came)
    {
        var now = Now;
        var purposes = _asks.Complete(came.Batch, came.Minted is not null);
        for (var i = 0; i < purposes.Length; i++)
        {
            if (purposes[i] is not Purpose.Part { Request: PendingPut put } || !_pending.Contains(put)) continue;
            if (came.Minted is { } minted) put.Coordination.Minted(minted.Applied[i], minted.Synced, _checks.OptionsOf(_view, put.Request), _view, _effects);
            else put.Coordination.NotMinted(came.Failure!.Message, came.Failure is AskTimeoutException, _effects);
            Run(put, now);
        }
    }

    private void OnWrites(WritesCame came)
    {
        var now = Now;
        foreach (var (purpose, outcome, keptMs) in _asks.Complete(came))
        {
            if (purpose is Purpose.Incoming incoming)
            {
                incoming.Put.Coordination.IncomingAnswered(incoming.Node, isTaken: outcome != WriteOutcome.Refused, _effects);
                Run(incoming.Put, now);
            }
            if (purpose is not Purpose.Part { Request: PendingPut put } part || !_pending.Contains(put)) continue;
            if (outcome == WriteOutcome.Refused) put.Coordination.Failed(part.Place, came.IsLate, now, _view, _effects);
            else put.Coordination.StoredAt(part.Place, outcome == WriteOutcome.Synced, _effects, keptMs);
            Run(put, now);
        }
    }

    private void OnReads(ReadsCame came)
    {
        var purposes = _asks.Complete(came.Batch, came.Answers is not null);
        for (var i = 0; i < purposes.Length; i++) OnRead(purposes[i], came.Answers?.Answers[i] ?? ReadAnswer.Failed, came.IsLate);
    }

    private void OnRead(Purpose purpose, ReadAnswer answer, bool isLate)
    {
        if (purpose is not Purpose.Part { Request: PendingGet get } part || !_pending.Contains(get)) return;
        var now = Now;
        if (answer.IsFailed) get.Coordination.Failed(part.Place, isLate, now, _view, _effects);
        else if (answer.Set is { } set) get.Coordination.AnsweredWhole(part.Place, set, _effects);
        else get.Coordination.AnsweredDigest(part.Place, answer.Digest, now, _view, _effects);
        Run(get, now);
    }

    private void Run(Pending pending, TimeSpan now) => _runner.Run(pending, _effects, now);
}
