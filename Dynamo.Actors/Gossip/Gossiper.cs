using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Dynamo.Actors.Settings;
using Dynamo.Core.Membership;
using Dynamo.Core.Quorum;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Wire;
using Dynamo.Protocol;

namespace Dynamo.Actors.Gossip;

/// <summary>
/// Membership (section 4.8 of the paper): a push-pull round with a random peer each interval, heartbeats to the peers that watch this node, and
/// the opinion of who is down. The other actors of the node hear of each change by <see cref="ViewChanged"/>.
/// </summary>
public sealed class Gossiper : UntypedActor, IWithTimers
{
    private const string SavedState = "cluster";
    private readonly DynamoSettings _settings;
    private readonly ImmutableArray<IActorRef> _listeners;
    private readonly IStorageEngine _engine;
    private readonly Random _random;
    private readonly PeerMonitor _monitor;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private Member _self;
    private ClusterView _view;
    private ulong _hash;

    public Gossiper(DynamoSettings settings, Member self, IStorageEngine engine, Random random, ImmutableArray<IActorRef> listeners)
    {
        _settings = settings;
        _self = self;
        _engine = engine;
        _random = random;
        _listeners = listeners;
        var scheduler = Context.System.Scheduler;
        _monitor = new PeerMonitor(settings.Gossip, () => (long)scheduler.MonotonicClock.TotalMilliseconds);
        _view = new ClusterView(self.Id, Load().With(self), []);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(DynamoSettings settings, Member self, IStorageEngine engine, Random random, ImmutableArray<IActorRef> listeners) =>
        Akka.Actor.Props.Create(() => new Gossiper(settings, self, engine, random, listeners));

    protected override void PreStart()
    {
        Adopt(_view.State);
        Publish();
        Timers.StartPeriodicTimer("round", Round.Instance, TimeSpan.Zero, _settings.Gossip.Interval);
        Timers.StartPeriodicTimer("beat", Beat.Instance, TimeSpan.Zero, _settings.Gossip.HeartbeatInterval);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Round: OnRound(); break;
            case Beat: OnBeat(); break;
            case Heartbeat beat: _monitor.Heard(beat.From); break;
            case GossipSyn syn: OnSyn(syn); break;
            case GossipAck ack: _monitor.Heard(ack.From); break;
            case GossipMarks marks: OnMarks(marks); break;
            case GossipDelta delta: OnDelta(delta); break;
            case GossipRefused refused: _log.Warning("node {0} will not gossip: {1}", refused.From, refused.Reason); break;
            case SetBucket set: Sender.Tell(OnSetBucket(set)); break;
            case DirectoryRequest request: Sender.Tell(Answer(request)); break;
            default: Unhandled(message); break;
        }
    }

    private void OnRound()
    {
        var syn = new GossipSyn(_settings.Cluster.Name, _self.Id, _hash);
        var peers = Peers().ToArray();
        if (peers.Length > 0) GossiperAt(peers[_random.Next(peers.Length)].Address).Tell(syn);

        // Alone, or so it seems: the seeds may know better. They are asked now and then in any case, so that two halves that
        // were formed apart, or that each believe the other gone, find together.
        if (_settings.Cluster.Seeds.IsEmpty || (peers.Length > 0 && _random.Next(10) > 0)) return;
        var seed = _settings.Cluster.Seeds[_random.Next(_settings.Cluster.Seeds.Length)];
        if (seed != _self.Address) GossiperAt(seed).Tell(syn);
    }

    private void OnBeat()
    {
        var beat = new Heartbeat(_self.Id, _self.Incarnation);
        foreach (var watcher in Neighbours(forward: true)) GossiperAt(watcher.Address).Tell(beat);
        foreach (var watched in Neighbours(forward: false)) _monitor.Expect(watched.Id);

        var unreachable = Peers().Where(p => !_monitor.IsReachable(p.Id)).Select(p => p.Id).ToImmutableHashSet();
        if (unreachable.SetEquals(_view.Unreachable)) return;
        foreach (var lost in unreachable.Except(_view.Unreachable).Order()) _log.Warning("node {0} is not heard from any more", lost);
        foreach (var back in _view.Unreachable.Except(unreachable).Order()) _log.Info("node {0} is heard from again", back);
        _view = _view with { Unreachable = unreachable };
        Publish();
    }

    private void OnSyn(GossipSyn syn)
    {
        if (syn.ClusterName != _settings.Cluster.Name)
        {
            Sender.Tell(new GossipRefused(_self.Id, $"its cluster is '{_settings.Cluster.Name}', not '{syn.ClusterName}'"));
            return;
        }
        _monitor.Heard(syn.From);
        if (syn.Hash == _hash) Sender.Tell(new GossipAck(_self.Id));
        else Sender.Tell(new GossipMarks(_self.Id, GossipDigest.MarksOf(_view.State)));
    }

    private void OnMarks(GossipMarks marks)
    {
        _monitor.Heard(marks.From);
        Sender.Tell(new GossipDelta(_self.Id, GossipDigest.Difference(_view.State, marks.Marks), GossipDigest.MarksOf(_view.State)));
    }

    private void OnDelta(GossipDelta delta)
    {
        _monitor.Heard(delta.From);
        if (!delta.Marks.IsEmpty) Sender.Tell(new GossipDelta(_self.Id, GossipDigest.Difference(_view.State, delta.Marks), []));
        var merged = _view.State.Merge(delta.Difference);
        if (merged.Equals(_view.State)) return;
        Adopt(merged);
        Publish();
    }

    // What is said of this node's past is refuted by a higher incarnation; what an operator said of it stands.
    private void Adopt(ClusterState state)
    {
        var said = state.Members.GetValueOrDefault(_self.Id, _self);
        if (said != _self && !said.IsGone)
        {
            _self = _self with { Incarnation = Math.Max(_self.Incarnation, said.Incarnation) + 1, Status = said.Status };
            state = state.With(_self);
        }
        _view = _view with { State = Found(state) };
        _hash = GossipDigest.HashOf(_view.State);
        Save();
    }

    // A node that restarts knows its cluster again, and buckets and ring outlive a stop of all nodes.
    private ClusterState Load()
    {
        if (_engine.GetMeta(SavedState) is not { } saved) return ClusterState.Empty;
        var from = new ByteReader(saved);
        return StateCodec.ReadState(ref from);
    }

    private void Save()
    {
        var to = new ByteWriter(1024);
        StateCodec.Write(to, _view.State);
        _engine.SetMetaAsync(SavedState, to.ToArray());
    }

    private IWireMessage OnSetBucket(SetBucket set)
    {
        try
        {
            set.Options.Quorum.Checked();
        }
        catch (BadQuorumException e)
        {
            return new AdminRefused($"bucket {set.Bucket}: {e.Message}");
        }
        var version = (_view.State.Buckets.TryGetValue(set.Bucket, out var entry) ? entry.Version : 0) + 1;
        Adopt(_view.State.With(set.Bucket, new BucketEntry(version, set.Options)));
        Publish();
        return new BucketSet(set.Bucket, version);
    }

    // The first ring needs no word from others: each founder makes the same one.
    private ClusterState Found(ClusterState state)
    {
        var founders = _settings.Cluster.Founders;
        if (!state.Ring.Table.IsNone || !founders.Contains(_self.Id)) return state;
        return state.With(new RingVersion(HashRing.Founding(founders, _settings.Partitions), 0));
    }

    private void Publish()
    {
        var changed = new ViewChanged(_view, _hash);
        foreach (var listener in _listeners) listener.Tell(changed);
    }

    private IWireMessage Answer(DirectoryRequest request) => request.KnownHash == _hash
        ? new DirectoryUnchanged([.. _view.Unreachable.Order()])
        : new ClusterDirectory(
            _settings.Cluster.Name, _self.Id, _view.State, _hash, [.. _view.Unreachable.Order()], _settings.Bucket, _settings.Limits.Requests);

    private IEnumerable<Member> Peers() => _view.State.Members.Values.Where(m => m.Id != _self.Id && !m.IsGone);

    // The members are sorted by name: a node's watchers are the next ones round the circle, and it watches those before it.
    private IEnumerable<Member> Neighbours(bool forward)
    {
        var circle = _view.State.Members.Values.Where(m => !m.IsGone).ToArray();
        var me = Array.FindIndex(circle, m => m.Id == _self.Id);
        var count = Math.Min(_settings.Gossip.Watchers, circle.Length - 1);
        for (var step = 1; step <= count; step++)
            yield return circle[(me + (forward ? step : circle.Length - step)) % circle.Length];
    }

    private IActorRef GossiperAt(NodeAddress address) => NodePaths.Of(Context.System, address, NodePaths.Gossiper);

    private sealed record Round
    {
        public static readonly Round Instance = new();
    }

    private sealed record Beat
    {
        public static readonly Beat Instance = new();
    }
}
