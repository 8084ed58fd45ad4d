using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Dynamo.Actors.Settings;
using Dynamo.Actors.Shared;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Protocol;

namespace Dynamo.Actors.Gossip;

/// <summary>
/// Membership (section 4.8 of the paper): a push-pull round with a random peer each interval, and with <see cref="Liveness"/> the opinion of who
/// is down. The other actors of the node hear of each change by <see cref="ViewChanged"/>.
/// </summary>
public sealed class Gossiper : UntypedActor, IWithTimers, IGossiping
{
    private const int RefusalsToEnd = 5;
    private readonly DynamoSettings _settings;
    private readonly ImmutableArray<IActorRef> _listeners;
    private readonly IStorageEngine _engine;
    private readonly Random _random;
    private readonly Liveness _liveness;
    private readonly Refusals _refusals;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private Member _self;
    private ClusterView _view;
    private ulong _hash;
    private Opinions _published = Opinions.None;
    private bool _isExpelled;
    private int _refusedInARow;

    // The others may know a life of this node that its store does not, until this node has told them of itself.
    private bool _isNew;
    private (NodeId Peer, long AtMs)? _unanswered;
    private NodeId? _marksAfter;

    public Gossiper(
        DynamoSettings settings, Member self, IStorageEngine engine, Random random, PeerTraffic traffic, ImmutableArray<IActorRef> listeners)
    {
        _settings = settings;
        _engine = engine;
        _random = random;
        _listeners = listeners;
        var saved = SavedState.Load(engine, settings);
        _isNew = !saved.Members.TryGetValue(self.Id, out var past);
        _self = past is null ? self : self.After(past);
        _view = new ClusterView(self.Id, saved.With(_self), []);
        var scheduler = Context.System.Scheduler;
        _liveness = new Liveness(settings.Gossip, traffic, random, this, () => scheduler.MonotonicClock, _log);
        _refusals = new Refusals(settings.Cluster.Name, _log);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    Member IGossiping.Self => _self;

    ClusterState IGossiping.State => _view.State;

    Origin IGossiping.Origin => Origin;

    private Origin Origin => new(_settings.Cluster.Name, _self.Id, _self.Incarnation);

    // Marks, suspicions and differences share a message.
    private int MarkBytes => _settings.Gossip.MaxMessageBytes / 4;

    private int DifferenceBytes => _settings.Gossip.MaxMessageBytes / 2;

    public static Props Props(
        DynamoSettings settings, Member self, IStorageEngine engine, Random random, PeerTraffic traffic, ImmutableArray<IActorRef> listeners) =>
        Akka.Actor.Props.Create(() => new Gossiper(settings, self, engine, random, traffic, listeners));

    protected override void PreStart()
    {
        Adopt(_view.State);
        Publish();
        Timers.StartPeriodicTimer("round", Round.Instance, TimeSpan.Zero, _settings.Gossip.Interval);
        Timers.StartPeriodicTimer("beat", Beat.Instance, TimeSpan.Zero, _settings.Gossip.HeartbeatInterval);
        OnTick();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Round: OnRound(); break;
            case Beat: _liveness.Beat(); break;
            case Tick: OnTick(); break;
            case IGossip gossip: OnGossip(gossip); break;
            case GossipRefused refused: OnRefused(refused); break;
            case Introduce introduce: GossiperAt(introduce.To).Tell(Syn()); break;
            case StageChange or ClearChanges or CommitPlan: OnChange((IWireMessage)message); break;
            case PartitionReceived received: Change(RingChanges.Apply(_view, received)); break;
            case HandedAllOff: Change(_view.State.With(_self = _self with { Status = MemberStatus.Left })); break;
            case SetBucket set: Sender.Tell(OnSetBucket(set)); break;
            case DirectoryRequest request: Sender.Tell(Answer(request)); break;
            default: Unhandled(message); break;
        }
        PublishOpinions();
    }

    private void OnGossip(IGossip gossip)
    {
        if (_refusals.Judge(gossip, _view.State) is { } reason)
        {
            if (gossip is GossipSyn) Sender.Tell(new GossipRefused(_self.Id, reason.Kind, reason.Text));
            return;
        }
        _refusedInARow = 0;
        _liveness.Heard(gossip.From, isAnswer: gossip is GossipAck or GossipMarks or Pong or PingReport);
        switch (gossip)
        {
            case Heartbeat beat: _liveness.OnHeartbeat(beat, Sender); break;
            case GossipSyn syn: OnSyn(syn); break;
            case GossipAck ack: OnAck(ack); break;
            case GossipMarks marks: OnMarks(marks); break;
            case GossipDelta delta: OnDelta(delta); break;
            case Rumours rumours: _liveness.OnSuspicions(rumours.Suspicions, Sender); break;
            case Ping ping: _liveness.OnPing(ping, Sender); break;
            case Pong pong: _liveness.OnPong(pong); break;
            case PingRequest request: _liveness.OnPingRequest(request, Sender); break;
            case PingReport report: _liveness.OnPingReport(report); break;
            default: Unhandled(gossip); break;
        }
    }

    private void OnTick()
    {
        _liveness.Tick();
        // Each one anew: a node that is behind with its mailbox must not find a heap of them, and sees by how much it is late.
        Timers.StartSingleTimer("tick", Tick.Instance, _liveness.TickInterval);
    }

    // ---- rounds

    private void OnRound()
    {
        // An actor that was restarted since the last change knows nothing of it.
        Publish();
        if (_unanswered is { } asked && _liveness.NowMs - asked.AtMs >= _settings.Gossip.Interval.TotalMilliseconds / 2) _liveness.OnUnanswered(asked.Peer);
        _unanswered = null;

        var syn = Syn();
        var (peer, lost) = PeerChoice.OfRound(_liveness.Peers, _liveness.Opinions.IsUnreachable, _random);
        if (peer is not null)
        {
            _unanswered = (peer.Id, _liveness.NowMs);
            GossiperAt(peer.Address).Tell(syn);
        }
        if (lost is not null) GossiperAt(lost.Address).Tell(syn);
        // Two that met do not know that others met too: until every founder is here the seeds are asked as if nobody were.
        var isAlone = peer is null || _view.Ring.Nodes.Any(_view.State.IsUnmetOwner);
        if (PeerChoice.Seed(_settings.Cluster.Seeds, isAlone, _random) is { } seed && seed != _self.Address) GossiperAt(seed).Tell(syn);
    }

    private GossipSyn Syn() => new(Origin, _hash, _liveness.ToTell());

    private void OnSyn(GossipSyn syn)
    {
        _liveness.OnSuspicions(syn.Suspicions, Sender);
        if (syn.Hash == _hash)
        {
            Sender.Tell(new GossipAck(Origin, _liveness.ToTell()));
            return;
        }
        // Where the marks of all members do not fit, the next exchange goes on behind these.
        var marks = GossipDigest.MarksOf(_view.State, MarkBytes, _marksAfter);
        _marksAfter = marks.UpTo;
        Sender.Tell(new GossipMarks(Origin, marks, _liveness.ToTell()));
    }

    private void OnAck(GossipAck ack)
    {
        Answered(ack.From);
        _liveness.OnSuspicions(ack.Suspicions, Sender);
    }

    private void OnMarks(GossipMarks marks)
    {
        Answered(marks.From);
        Meet(marks.Marks);
        _liveness.OnSuspicions(marks.Suspicions, Sender);
        Sender.Tell(Delta(marks.Marks, GossipDigest.MarksOf(_view.State, MarkBytes, marks.Marks.After, marks.Marks.UpTo)));
    }

    private void OnDelta(GossipDelta delta)
    {
        if (delta.Marks is { } marks)
        {
            Meet(marks);
            Sender.Tell(Delta(marks, null));
        }
        // What a node that is gone for good says of the ring may be a plan of its own that nobody else ever heard of.
        var difference = _view.State.IsGoneForGood(delta.From.Node) ? ClusterState.Empty with { Members = delta.Difference.Members } : delta.Difference;
        Change(_view.State.Merge(difference));
    }

    private GossipDelta Delta(StateMarks theirs, StateMarks? own)
    {
        var difference = GossipDigest.Difference(_view.State, theirs, DifferenceBytes);
        _isNew &= !difference.Members.ContainsKey(_self.Id);
        return new GossipDelta(Origin, difference, own);
    }

    private void Answered(Origin from)
    {
        if (_unanswered?.Peer != from.Node) return;
        _unanswered = null;
        _liveness.OnAnsweredInTime();
    }

    // A node that begins with an empty store under a name that the others know already lives again: they must see that it is another life.
    private void Meet(StateMarks marks)
    {
        if (!_isNew || marks.Members.All(m => m.Id != _self.Id)) return;
        _isNew = false;
        ((IGossiping)this).Refute(_self.Incarnation);
    }

    // One peer's word may be that of a plan which loses to another: the node ends when for some rounds nobody took it for a member. One that has left knows it.
    private void OnRefused(GossipRefused refused)
    {
        _refusals.LogRefusal(refused);
        if (refused.Kind != Refusal.Gone || _isExpelled) return;
        if (_self.Status != MemberStatus.Left && ++_refusedInARow < RefusalsToEnd) return;
        _isExpelled = true;
        Context.Parent.Tell(new Expelled(refused.Reason));
    }

    // ---- what the node knows

    // What is said of this node's past is refuted by a higher incarnation; what an operator said of it stands.
    private void Adopt(ClusterState state)
    {
        var said = state.Members.GetValueOrDefault(_self.Id, _self);
        if (said.IsGone || said == _self with { Status = said.Status })
        {
            _self = said;
        }
        else
        {
            _self = _self.After(said);
            state = state.With(_self);
        }
        state = Found(state);
        _self = state.Members.GetValueOrDefault(_self.Id, _self);
        // A node that knows of a plan says so: nothing moves before all do.
        if (!state.Ring.From.IsNone && !_self.IsGone) state = state.With(state.Ring.KnownBy(_self.Id));
        _view = _view with { State = state };
        _hash = GossipDigest.HashOf(_view.State);
        SavedState.Save(_engine, _view.State);
        _liveness.OnState();
    }

    void IGossiping.Refute(long incarnation)
    {
        _self = _self with { Incarnation = Math.Max(_self.Incarnation, incarnation) + 1 };
        Change(_view.State.With(_self));
    }

    void IGossiping.Renew(Member peer) => Links.Renew(Context.System, peer.Address);

    void IGossiping.Tell(Member to, IGossip message) => GossiperAt(to.Address).Tell(message);

    // The first ring needs no word from others: each founder makes the same one.
    private ClusterState Found(ClusterState state)
    {
        var founders = _settings.Cluster.Founders;
        if (!state.Ring.Serving.IsNone || !founders.Contains(_self.Id)) return state;
        return state.With(RingVersion.Founding(HashRing.Founding(founders, _settings.Partitions, _settings.Bucket.Quorum.N)));
    }

    // ---- what it is asked, and what it tells

    private void OnChange(IWireMessage change)
    {
        var (state, answer) = RingChanges.Apply(_view, _settings.Bucket, change);
        Change(state);
        Sender.Tell(answer);
    }

    private void Change(ClusterState state)
    {
        if (state.Equals(_view.State)) return;
        Adopt(state);
        Publish();
    }

    private IWireMessage OnSetBucket(SetBucket set)
    {
        // What it is told nobody would hear of.
        if (_self.IsGone) return new AdminRefused($"node {_self.Id} has left the cluster or was removed");
        if (set.Options.WhyNot(set.Bucket) is { } reason) return new AdminRefused(reason);
        var version = (_view.State.Buckets.TryGetValue(set.Bucket, out var entry) ? entry.Version : 0) + 1;
        Change(_view.State.With(set.Bucket, new BucketEntry(version, set.Options)));
        return new BucketSet(set.Bucket, version);
    }

    private IWireMessage Answer(DirectoryRequest request) => request.KnownHash == _hash
        ? new DirectoryUnchanged([.. _view.Unreachable.Order()])
        : new ClusterDirectory(
            _settings.Cluster.Name, _self.Id, _view.State, _hash, [.. _view.Unreachable.Order()], _settings.Bucket, _settings.Limits.Requests);

    private void PublishOpinions()
    {
        if (ReferenceEquals(_published, _liveness.Opinions)) return;
        var unreachable = _liveness.Opinions.Unreachable();
        _published = _liveness.Opinions;
        if (unreachable.SetEquals(_view.Unreachable)) return;
        foreach (var back in _view.Unreachable.Except(unreachable).Order()) _log.Info("node {0} is heard from again", back);
        _view = _view with { Unreachable = unreachable };
        Publish();
    }

    private void Publish()
    {
        var changed = new ViewChanged(_view, _hash);
        foreach (var listener in _listeners) listener.Tell(changed);
    }

    private IActorRef GossiperAt(NodeAddress address) => NodePaths.GossiperAt(Context.System, address);

    private sealed record Round
    {
        public static readonly Round Instance = new();
    }

    private sealed record Beat
    {
        public static readonly Beat Instance = new();
    }

    private sealed record Tick
    {
        public static readonly Tick Instance = new();
    }
}
