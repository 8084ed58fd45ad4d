using System.Collections.Immutable;
using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;
using Dynamo.Actors.AntiEntropy;
using Dynamo.Actors.Coordinator;
using Dynamo.Actors.Gossip;
using Dynamo.Actors.Hints;
using Dynamo.Actors.Reaper;
using Dynamo.Actors.Settings;
using Dynamo.Actors.Shared;
using Dynamo.Actors.Storage;
using Dynamo.Actors.Transfers;
using Dynamo.Core.Membership;
using Dynamo.Core.Storage;
using Dynamo.Protocol;

namespace Dynamo.Actors.Node;

/// <summary>
/// The root actor of a node and the map of its actors.
/// <code>
/// /user/dynamo              this actor: starts the others and answers for the node
/// its children, named with the node's name as a suffix (/coordinator-n1), except the gossiper:
///             /gossiper     membership and failure detection; sends each change to the others
///             /coordinator  gets and puts of clients: asks replicas, counts quorums
///             /replica      the node's own store
///             /hints        writes kept for nodes that are down
///             /anti-entropy compares hash trees with the other owners, repairs differences
///             /reaper       removes tombstones that all primaries hold
///             /transfers    receives partitions that a plan assigns to the node, and serves them to others
///             /hand-off     drops data that the node no longer owns, once all owners have it
/// /system/receptionist      the entry point for clients
/// </code>
/// A failed actor is restarted. An actor that cannot start, keeps failing, or stops ends the node with one log line
/// (docs/decisions/0018-supervision-and-dispatchers.md).
/// </summary>
public sealed class NodeActor : UntypedActor, IWithTimers
{
    private const int RoundsToTell = 5;
    private readonly DynamoSettings _settings;
    private readonly IStorageEngine _engine;
    private readonly Member _self;
    private readonly IActorRef _receptionist;
    private readonly TimeSpan _startedAt;
    private readonly BackgroundPace _pace;
    private readonly PeerTraffic _traffic = new();
    private readonly ActorFailures _failures;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly StoreFailures _storeFailures;
    private ViewChanged? _last;
    private ClockMeasured _clock = new(0, IsOff: false);
    private ImmutableArray<string> _warnings = [];
    private bool _isDraining;
    private bool _hasFailed;

    public NodeActor(DynamoSettings settings, IStorageEngine engine, Member self, IActorRef receptionist)
    {
        _settings = settings;
        _engine = engine;
        _self = self;
        _receptionist = receptionist;
        _pace = new BackgroundPace(settings.Background.TargetLatency);
        _failures = new ActorFailures(self.Id);
        _storeFailures = new StoreFailures(_log, engine);
        _startedAt = Context.System.Scheduler.MonotonicClock;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(DynamoSettings settings, IStorageEngine engine, Member self, IActorRef receptionist) =>
        Akka.Actor.Props.Create(() => new NodeActor(settings, engine, self, receptionist));

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(
        -1, -1, cause => OnFailed(Sender, cause), loggingEnabled: false);

    protected override void PreStart()
    {
        try
        {
            StartActors();
        }
        catch (Exception e)
        {
            Fail(_failures.Broke(Self, e), e);
            throw;
        }
    }

    // A restart would restart all children too, and the message in hand would be lost.
    protected override void PreRestart(Exception reason, object message)
    {
        Fail(_failures.Broke(Self, reason), reason);
        base.PreRestart(reason, message);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ViewChanged changed: OnView(changed); break;
            case ClockMeasured measured:
                _clock = measured;
                Context.Child(Named(NodePaths.Reaper)).Tell(measured);
                break;
            case Expelled expelled: OnExpelled(expelled); break;
            case NodeWarnings warnings: _warnings = warnings.All; break;
            case StoreReport report: OnStoreReport(report.Done); break;
            case NodeGone gone: CoordinatedShutdown.Get(Context.System).Run(gone); break;
            case StatusRequest: Sender.Tell(Status()); break;
            case PartitionReceived or HandedAllOff: Context.Child(NodePaths.Gossiper).Tell(message); break;
            case DrainRequest drain: Drain(drain); break;
            case ReceptionistRestarted restarted: OnRestarted(Sender, restarted.Cause); break;
            case Terminated ended: Fail(_failures.Stopped(ended.ActorRef), null); break;
            default: Unhandled(message); break;
        }
    }

    private void OnStoreReport(StoreDone done)
    {
        _storeFailures.Note(done, Context.System.Scheduler.MonotonicClock);
        if (done.Failure is null) return;
        foreach (var writer in new[] { NodePaths.Replica, NodePaths.Hints }) Context.Child(Named(writer)).Tell(ReportNextStored.Instance);
    }

    // ---- children

    private void StartActors()
    {
        var hintsUnderWay = new HintsUnderWay();
        var replica = Start(NodePaths.Replica, NearStore(StorageReplica.Props(_self.Id, _engine, hintsUnderWay, _settings.Limits.BatchBytes), WireConfig.Dispatcher));
        var hints = Start(NodePaths.Hints, NearStore(HintBuffer.Props(_settings, _engine, hintsUnderWay, _pace), WireConfig.Dispatcher));
        var coordinator = Start(NodePaths.Coordinator, CoordinatorActor.Props(_settings, replica, hints, _pace, _traffic).WithDispatcher(WireConfig.Dispatcher));
        var antiEntropy = Start(NodePaths.AntiEntropy, NearStore(AntiEntropyActor.Props(_settings, _engine, replica, _pace)));
        var reaper = Start(NodePaths.Reaper, NearStore(ReaperActor.Props(_settings, _engine, _pace)));
        var transfers = Start(NodePaths.Transfers, NearStore(TransferActor.Props(_settings, _engine, replica, antiEntropy, _pace)));
        var handOff = Start(NodePaths.HandOff, NearStore(HandOffActor.Props(_settings, _engine, _pace)));
        var random = _settings.RandomSeed == 0 ? new Random() : new Random(_settings.RandomSeed);
        Context.Watch(Context.ActorOf(
            Gossiper.Props(_settings, _self, _engine, random, _traffic, [Self, coordinator, replica, hints, antiEntropy, reaper, transfers, handOff, _receptionist])
                .WithDispatcher(NodeDispatchers.Gossip),
            NodePaths.Gossiper));
        Context.Watch(_receptionist);
    }

    private IActorRef Start(string actor, Props props) => Context.Watch(Context.ActorOf(props, Named(actor)));

    // Actors that may block on a disk must not delay remoting or gossip; the memory engine never blocks.
    private Props NearStore(Props actor, string inMemory = Dispatchers.DefaultDispatcherId) =>
        actor.WithDispatcher(_settings.Storage.Engine == "memory" ? inMemory : NodeDispatchers.Store);

    private Directive OnFailed(IActorRef actor, Exception cause)
    {
        if (_failures.Judge(actor, cause, Context.System.Scheduler.MonotonicClock) is { } words)
        {
            Fail(words, cause);
            return Directive.Stop;
        }
        Brief(actor);
        _log.Error(cause, "{0} failed and is restarted", actor.Path.Name);
        return Directive.Restart;
    }

    // Akka.NET's guardian has already restarted the receptionist and logged the cause.
    private void OnRestarted(IActorRef receptionist, Exception cause)
    {
        if (_failures.Judge(receptionist, cause, Context.System.Scheduler.MonotonicClock) is { } words) Fail(words, cause);
        else Brief(receptionist);
    }

    // A restarted actor has lost the state that only this one holds. A failed child's mailbox is suspended, so these messages precede all later ones.
    private void Brief(IActorRef actor)
    {
        var name = actor.Path.Name;
        if (name == NodePaths.Gossiper) return;
        if (_last is { } last) actor.Tell(last);
        if (name == Named(NodePaths.Reaper)) actor.Tell(_clock, ActorRefs.NoSender);
        if (_isDraining && (name == Named(NodePaths.Coordinator) || name == Named(NodePaths.Hints))) actor.Tell(new DrainRequest(IsOn: true), ActorRefs.NoSender);
    }

    private void Fail(string words, Exception? cause)
    {
        if (_hasFailed) return;
        _hasFailed = true;
        _log.Error(cause?.GetBaseException(), "{0}", words);
        CoordinatedShutdown.Get(Context.System).Run(new NodeFailed(words));
    }

    private string Named(string actor) => NodePaths.NameOf(actor, _self.Id);

    private void OnView(ViewChanged changed)
    {
        _last = changed;
        var state = changed.View.State;
        if (state.Members.GetValueOrDefault(_self.Id)?.Status == MemberStatus.Left) return;
        // The plan that removed this node may have lost to another one.
        if (!state.IsGoneForGood(_self.Id)) Timers.Cancel("gone");
        else
            End(
                $"node {_self.Id} was removed from cluster {_settings.Cluster.Name} and cannot come back under this name: start it with another name and an empty data-dir, and join it",
                isExpelled: true);
    }

    // A node that has left stays up until a peer refuses its gossip for that reason: only then do others know that it left.
    private void OnExpelled(Expelled expelled)
    {
        if (_last?.View.State.Members.GetValueOrDefault(_self.Id)?.Status == MemberStatus.Left)
            End($"node {_self.Id} has left cluster {_settings.Cluster.Name}: what it held is with the others", isExpelled: false);
        else
            CoordinatedShutdown.Get(Context.System).Run(new NodeGone(expelled.Reason, isExpelled: true));
    }

    // A few rounds later, so that gossip can reach the nodes that do not know yet.
    private void End(string words, bool isExpelled)
    {
        if (!Timers.IsTimerActive("gone")) Timers.StartSingleTimer("gone", new NodeGone(words, isExpelled), RoundsToTell * _settings.Gossip.Interval);
    }

    private void Drain(DrainRequest drain)
    {
        _isDraining = drain.IsOn;
        Context.Child(Named(NodePaths.Hints)).Tell(drain);
        Context.Child(Named(NodePaths.Coordinator)).Ask<DrainState>(drain, _settings.Request.Timeout)
            .PipeTo(Sender, success: state => state with { HintsHeld = _engine.Figures.Hints });
    }

    private NodeStatus Status()
    {
        var figures = _engine.Figures;
        var pace = _pace.Now;
        var uptime = Context.System.Scheduler.MonotonicClock - _startedAt;
        return new NodeStatus(
            _self.Id, ProductVersion.Text, Environment.ProcessId, (long)uptime.TotalMilliseconds, _engine.Name,
            _last?.View.Ring.Epoch ?? 0, _last?.View.State.Members.Count ?? 0, _last?.StateHash ?? 0, [.. _last?.View.Unreachable.Order() ?? Enumerable.Empty<Core.Ring.NodeId>()],
            figures.Keys, figures.Bytes, figures.Hints, pace.Share, pace.P99Ms, _isDraining, _clock.LeadMs, _clock.IsOff, _storeFailures.Now)
        {
            Warnings = _warnings,
        };
    }
}
