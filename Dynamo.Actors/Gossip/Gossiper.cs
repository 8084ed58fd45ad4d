using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Dynamo.Actors.Settings;
using Dynamo.Actors.Shared;
using Dynamo.Core.FailureDetection;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Protocol;

namespace Dynamo.Actors.Gossip;

/// <summary>
/// Membership and failure detection (section 4.8 of the paper): a push-pull round with a random peer each interval, heartbeats, and this node's opinion of
/// which peers are down. Sends <see cref="ViewChanged"/> to the node's other actors on each change. The rules are in Core/Membership and Core/FailureDetection.
/// </summary>
public sealed class Gossiper : UntypedActor, IWithTimers, PeerAdmission.INode
{
    private readonly DynamoSettings _settings;
    private readonly ImmutableArray<IActorRef> _listeners;
    private readonly StateSaver _saver;
    private readonly Detection _detection;
    private readonly GossipRounds _rounds;
    private readonly GossipExchange _exchange;
    private readonly Founding _founding;
    private readonly PeerAdmission _admission;
    private readonly Clocks _clocks;
    private readonly Random _random;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private Member _self;
    private ClusterView _view;
    private ulong _hash;
    private Opinions _published = Opinions.None;

    public Gossiper(
        DynamoSettings settings, Member self, IStorageEngine engine, Random random, PeerTraffic traffic, ImmutableArray<IActorRef> listeners)
    {
        _settings = settings;
        _saver = new StateSaver(engine, Self, _log);
        _random = random;
        _listeners = listeners;
        var saved = SavedState.Load(engine, settings);
        var past = saved.Members.GetValueOrDefault(self.Id);
        _self = past is null ? self : self.After(past);
        _view = new ClusterView(self.Id, saved.With(_self), []);
        var gossip = settings.Gossip;
        _detection = new Detection(this, _self, gossip, traffic, random, Context.System, _log);
        _rounds = new GossipRounds(gossip.Interval, settings.Cluster.Seeds, random);
        // Marks, suspicions and the state difference share one message.
        _exchange = new GossipExchange(markBytes: gossip.MaxMessageBytes / 4, differenceBytes: gossip.MaxMessageBytes / 2, isNew: past is null);
        _founding = new Founding(settings.Cluster.Founders, settings.Partitions, settings.Bucket.Quorum.N);
        _admission = new PeerAdmission(this, settings, past, Context, _log);
        _clocks = new Clocks(self.Id, settings.Clock, Context.System.Scheduler, Context.Parent, _log);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    ClusterState Detection.INode.State => _view.State;

    Origin Detection.INode.Origin => Origin;

    Member PeerAdmission.INode.Self => _self;

    long PeerAdmission.INode.NowMs => _detection.NowMs;

    private Origin Origin => _admission.OriginOf(_self);

    public static Props Props(
        DynamoSettings settings, Member self, IStorageEngine engine, Random random, PeerTraffic traffic, ImmutableArray<IActorRef> listeners) =>
        Akka.Actor.Props.Create(() => new Gossiper(settings, self, engine, random, traffic, listeners));

    protected override void PreStart()
    {
        if (!_admission.IsHeld) Begin();
        OnTick();
    }

    private void Begin()
    {
        Adopt(_view.State);
        Publish();
        Timers.StartPeriodicTimer("round", Due.Round, TimeSpan.Zero, _settings.Gossip.Interval);
        Timers.StartPeriodicTimer("beat", Due.Beat, TimeSpan.Zero, _settings.Gossip.HeartbeatInterval);
    }

    protected override void OnReceive(object message)
    {
        _detection.Begin();
        // A node that may be a second one with its name tells nobody, and without a view its actors serve nobody.
        if (_admission.IsHeld && message is not (Due.Tick or Ping or Pong)) return;
        switch (message)
        {
            case Due.Round: OnRound(); break;
            case Due.Beat: _detection.Beat(); break;
            case Due.Tick: OnTick(); break;
            case IGossip gossip: OnGossip(gossip); break;
            case GossipRefused refused: _admission.OnRefused(refused); break;
            case StateSaved saved: _saver.Note(saved); break;
            case Introduce introduce: GossiperAt(introduce.To).Tell(Syn()); break;
            case ReachRequest request: _admission.CheckReach(request, Sender); break;
            case DialEnded ended: _admission.DialHasEnded(ended); break;
            case StageChange or ClearChanges or CommitPlan or SetBucket: OnChange((IWireMessage)message); break;
            case PartitionReceived received: Change(_view.State.Received(_self.Id, received.Partition, received.Epoch, received.PlanId)); break;
            case HandedAllOff: Change(_view.State.With(_self = _self with { Status = MemberStatus.Left })); break;
            case DirectoryRequest request: Sender.Tell(Directories.Answer(request, _settings, _view, _hash)); break;
            default: Unhandled(message); break;
        }
        _detection.Settle(Sender);
        PublishOpinions();
    }

    private void OnGossip(IGossip gossip)
    {
        if (!_admission.LetIn(gossip, Sender)) return;
        _detection.Hear(gossip, Sender);
        switch (gossip)
        {
            case GossipSyn syn: OnSyn(syn); break;
            case GossipAck ack: OnAnswer(ack.From, ack.Suspicions, ack.Clock); break;
            case GossipMarks marks: OnMarks(marks); break;
            case GossipDelta delta: OnDelta(delta); break;
        }
    }

    private void OnTick()
    {
        _detection.Tick();
        var wasHeld = _admission.IsHeld;
        _admission.Tick();
        if (wasHeld && !_admission.IsHeld) Begin();
        // One-shot, not periodic: ticks must not pile up behind a slow mailbox, and each one shows how late the node is.
        Timers.StartSingleTimer("tick", Due.Tick, _detection.TickInterval);
    }

    // ---- rounds

    private void OnRound()
    {
        // An actor that restarted since the last change has lost its view.
        Publish();
        _saver.RoundBegan(_view.State);
        _admission.RoundBegan();
        _detection.RoundEnded(_rounds.TakeUnanswered(_detection.NowMs), Sender);
        var syn = Syn();
        foreach (var peer in _rounds.Next(_detection.Peers, _detection.Opinions.IsUnreachable, _view.State, _self.Address, _detection.NowMs)) GossiperAt(peer).Tell(syn);
    }

    private GossipSyn Syn() => new(Origin, _hash, ToTell(), _admission.Settings, _clocks.NowMs);

    private ImmutableArray<Suspicion> ToTell() => _detection.Opinions.ToTell(_settings.Gossip.MaxMessageBytes / 4, _random);

    private void OnSyn(GossipSyn syn)
    {
        _detection.Hear(syn.Suspicions, Sender);
        var marks = _exchange.Answer(syn.Hash, _view.State, _hash);
        var clock = _clocks.Answer(syn);
        Sender.Tell(marks is null ? new GossipAck(Origin, ToTell(), clock) : new GossipMarks(Origin, marks, ToTell(), clock));
    }

    private void OnAnswer(Origin from, ImmutableArray<Suspicion> suspicions, ClockReading clock)
    {
        _clocks.Heard(from.Node, clock);
        if (_rounds.Answered(from.Node)) _detection.RoundAnswered();
        _detection.Hear(suspicions, Sender);
    }

    private void OnMarks(GossipMarks marks)
    {
        Meet(marks.Marks);
        OnAnswer(marks.From, marks.Suspicions, marks.Clock);
        Sender.Tell(Delta(marks.Marks, _exchange.OwnMarks(_view.State, marks.Marks)));
    }

    private void OnDelta(GossipDelta delta)
    {
        if (delta.Marks is { } marks)
        {
            Meet(marks);
            Sender.Tell(Delta(marks, null));
        }
        Change(GossipExchange.Accept(_view.State, delta.From.Node, _admission.WithoutNamesake(delta.Difference)));
    }

    private GossipDelta Delta(StateMarks theirs, StateMarks? own) => new(Origin, _exchange.Difference(_view.State, theirs, _self.Id), own);

    private void Meet(StateMarks marks)
    {
        if (_exchange.MeetsFormerLife(marks, _self.Id)) Refute(_self.Incarnation);
    }

    // ---- state

    private void Adopt(ClusterState state)
    {
        (_self, state) = OwnMember.Adopt(_self, state, _founding);
        _view = _view with { State = state };
        _hash = GossipDigest.HashOf(state);
        _saver.Save(state);
        _detection.StateChanged(_self);
    }

    void PeerAdmission.INode.Change(ClusterState state) => Change(state);

    private void Change(ClusterState state)
    {
        if (state.Equals(_view.State)) return;
        Adopt(state);
        Publish();
    }

    void Detection.INode.Refute(long incarnation) => Refute(incarnation);

    private void Refute(long incarnation)
    {
        _self = OwnMember.Refute(_self, incarnation);
        Change(_view.State.With(_self));
    }

    // ---- operator changes, directory, listeners

    private void OnChange(IWireMessage change)
    {
        var (state, answer) = OperatorChanges.Apply(_view, _self, _settings.Bucket, change);
        Change(state);
        Sender.Tell(answer);
    }

    private void PublishOpinions()
    {
        if (ReferenceEquals(_published, _detection.Opinions)) return;
        _published = _detection.Opinions;
        var unreachable = _published.Unreachable();
        if (unreachable.SetEquals(_view.Unreachable)) return;
        foreach (var back in _view.Unreachable.Except(unreachable).Order()) _log.Info("node {0} is heard from again", back);
        _view = _view with { Unreachable = unreachable };
        Publish();
    }

    private void Publish()
    {
        _clocks.Use(_view);
        var changed = new ViewChanged(_view, _hash);
        foreach (var listener in _listeners) listener.Tell(changed);
    }

    private static IActorRef GossiperAt(NodeAddress address) => NodePaths.GossiperAt(Context.System, address);

    /// <summary>Timer messages.</summary>
    private enum Due { Round, Beat, Tick }
}
