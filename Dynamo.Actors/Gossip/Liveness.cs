using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Dynamo.Actors.Settings;
using Dynamo.Actors.Shared;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Actors.Gossip;

/// <summary>
/// Whom this node believes out of reach (docs/decisions/0008-failure-detection.md): a silent peer is probed, with the help of others, and if it
/// is found silent the word is spread. Runs in the gossiper's turns.
/// </summary>
internal sealed class Liveness
{
    // So many probes in a row that found the peer neither here nor dead make it out of this node's reach.
    private const int DoubtsToCut = 2;

    // As long as a peer is out of this node's reach its connections are made anew, and a dial has so many heartbeats' time to succeed.
    private const int BeatsToRenew = 10;
    private readonly GossipSettings _settings;
    private readonly PeerTraffic _traffic;
    private readonly Random _random;
    private readonly IGossiping _node;
    private readonly Func<TimeSpan> _monotonic;
    private readonly ILoggingAdapter _log;
    private readonly AwakeClock _clock;
    private readonly PeerMonitor _monitor;
    private readonly PingRelays _relays;
    private readonly SortedDictionary<NodeId, Probe> _probes = [];
    private readonly Dictionary<NodeId, int> _doubts = [];
    private readonly Dictionary<NodeId, long> _renewedMs = [];
    private ImmutableArray<Member> _peers = [];
    private ImmutableArray<Member> _watchers = [];
    private long _lastNumber;

    public Liveness(GossipSettings settings, PeerTraffic traffic, Random random, IGossiping node, Func<TimeSpan> monotonic, ILoggingAdapter log)
    {
        (_settings, _traffic, _random, _node, _monotonic, _log) = (settings, traffic, random, node, monotonic, log);
        TickInterval = settings.HeartbeatInterval / 5;
        _clock = new AwakeClock(Monotonic, (long)settings.HeartbeatInterval.TotalMilliseconds);
        _monitor = new PeerMonitor(settings, () => NowMs);
        _relays = new PingRelays(node);
    }

    /// <summary>How often <see cref="Tick"/> wants to be called: as often as a verdict may be late.</summary>
    public TimeSpan TickInterval { get; }

    public Opinions Opinions { get; private set; } = Opinions.None;

    public LocalHealth Health { get; private set; }

    /// <summary>The members that are neither gone nor this node.</summary>
    public ImmutableArray<Member> Peers => _peers;

    /// <summary>Milliseconds that this node was awake.</summary>
    public long NowMs => _clock.Read(Monotonic);

    private long Monotonic => (long)_monotonic().TotalMilliseconds;

    public ImmutableArray<Suspicion> ToTell() => Opinions.ToTell(_settings.MaxMessageBytes / 4, _random);

    /// <summary>The cluster's state has changed.</summary>
    public void OnState()
    {
        var circle = _node.State.Present.ToArray();
        _peers = [.. circle.Where(m => m.Id != _node.Self.Id)];
        (_watchers, var watched) = PeerChoice.Neighbours(circle, _node.Self.Id, _settings.Watchers);
        _monitor.Watch(watched);
        Opinions = Opinions.Refuted(_node.State);
    }

    public void Beat()
    {
        var beat = new Heartbeat(_node.Origin);
        foreach (var watcher in _watchers) _node.Tell(watcher, beat);
    }

    public void Tick()
    {
        Rise();
        if (_traffic.TakeNoted())
            foreach (var peer in _peers) Collect(peer);
        foreach (var cut in Opinions.Cut) RenewSometimes(cut);
        foreach (var overdue in _monitor.Overdue(Health.Patience)) BeginProbe(overdue);
        foreach (var probe in _probes.Values.ToArray()) Settle(probe);
        _relays.Expire(NowMs);
    }

    /// <summary>A message came from a gossiper. Of a past life, or of no member, it is no sign of life.</summary>
    public void Heard(Origin from, bool isAnswer)
    {
        if (!_node.State.Members.TryGetValue(from.Node, out var member) || from.Incarnation < member.Incarnation) return;
        _monitor.Heard(from.Node);
        Revive(member, from.Incarnation, isAnswer);
    }

    public void OnHeartbeat(Heartbeat beat, IActorRef sender)
    {
        if (!_node.State.Members.TryGetValue(beat.From.Node, out var member)) return;
        if (beat.From.Incarnation < member.Incarnation)
        {
            // It has forgotten its past: what is said of it lets it begin a life beyond.
            sender.Tell(new GossipDelta(_node.Origin, ClusterState.Empty.With(member), null));
            return;
        }
        _monitor.HeardBeat(beat.From.Node);
        if (Opinions.Cut.Contains(beat.From.Node)) _node.Tell(member, new Ping(_node.Origin, ++_lastNumber));
    }

    public void OnPing(Ping ping, IActorRef sender) => sender.Tell(new Pong(_node.Origin, ping.Number));

    public void OnPong(Pong pong)
    {
        if (_relays.Answer(pong)) return;
        if (!_probes.TryGetValue(pong.From.Node, out var probe) || probe.Number != pong.Number || IsOfPastLife(pong.From)) return;
        _probes[probe.Target] = probe.Answered();
        Settle(_probes[probe.Target]);
    }

    public void OnPingRequest(PingRequest request, IActorRef sender)
    {
        if (_node.State.Members.TryGetValue(request.Target, out var target) && _relays.TryBegin(++_lastNumber, request, target, sender, NowMs)) return;
        sender.Tell(new PingReport(_node.Origin, request.Number, IsAlive: false));
    }

    public void OnPingReport(PingReport report)
    {
        var probe = _probes.Values.FirstOrDefault(p => p.Number == report.Number);
        if (probe is null) return;
        _probes[probe.Target] = probe.HelperSaid(report.From.Node, report.IsAlive);
        Settle(_probes[probe.Target]);
    }

    /// <summary>A peer was asked something and did not answer.</summary>
    public void OnUnanswered(NodeId peer) => BeginProbe(peer);

    /// <summary>A peer answered in time: this node keeps up.</summary>
    public void OnAnsweredInTime() => Health = Health.Better();

    public void OnSuspicions(ImmutableArray<Suspicion> suspicions, IActorRef sender)
    {
        var news = ImmutableArray.CreateBuilder<Suspicion>();
        foreach (var said in suspicions)
        {
            switch (Opinions.Judge(said, _node.Self, _node.State, _monitor.IsHeardOfLate(said.Suspect)))
            {
                case Hearsay.OfSelf: RefuteTo(sender, said); break;
                case Hearsay.Contradicted: _node.Tell(_node.State.Members[said.Suspect], new Rumours(_node.Origin, [said])); break;
                case Hearsay.News: news.Add(said); break;
                default: break;
            }
        }
        if (news.Count > 0) Believe(news.DrainToImmutable());
    }

    private void RefuteTo(IActorRef sender, Suspicion said)
    {
        _log.Info("node {0} found this one silent, which it is not: it may be slow, or hard to reach", said.By);
        Health = Health.Worse();
        _node.Refute(said.Incarnation);
        sender.Tell(new GossipDelta(_node.Origin, ClusterState.Empty.With(_node.Self), null));
    }

    private void Believe(ImmutableArray<Suspicion> news)
    {
        foreach (var suspicion in news)
        {
            Opinions = Opinions.Suspect(suspicion);
            _probes.Remove(suspicion.Suspect);
            _log.Warning("node {0} is believed down: {1} found it silent", suspicion.Suspect, suspicion.By);
        }
        var rumours = new Rumours(_node.Origin, news);
        foreach (var peer in PeerChoice.Some(_peers, _settings.RumourPeers, Opinions.IsUnreachable, _random)) _node.Tell(peer, rumours);
    }

    // Its own ears against hearsay: it lives. The others who believe it down hear so from the node itself, once it knows.
    private void Revive(Member member, long incarnation, bool isAnswer)
    {
        if (isAnswer) _doubts.Remove(member.Id);
        if (!Opinions.IsUnreachable(member.Id)) return;
        if (Opinions.Suspected.TryGetValue(member.Id, out var suspicion) && suspicion.Incarnation >= incarnation)
            _node.Tell(member, new Rumours(_node.Origin, [suspicion]));
        Opinions = Opinions.Heard(member.Id, isAnswer);
    }

    // If this node was late for its own timer it is the slow one, for a while.
    private void Rise()
    {
        var now = Monotonic;
        _clock.WakeBy(now, now + (long)TickInterval.TotalMilliseconds);
        var lateMs = _clock.TakeLateMs();
        if (lateMs == 0) return;
        Health = Health.Late(lateMs / _settings.HeartbeatInterval.TotalMilliseconds);
        if (lateMs > _settings.Interval.TotalMilliseconds) _log.Warning("this node was held up for {0} ms: nobody's silence in that time counts", lateMs);
    }

    private void Collect(Member peer)
    {
        var (isAnswered, isFailed) = _traffic.Take(peer.Id);
        if (isAnswered)
        {
            _monitor.Heard(peer.Id);
            Revive(peer, peer.Incarnation, isAnswer: true);
        }
        else if (isFailed)
        {
            BeginProbe(peer.Id);
        }
    }

    private void BeginProbe(NodeId target)
    {
        if (_probes.ContainsKey(target) || Opinions.IsUnreachable(target) || !_node.State.Members.TryGetValue(target, out var member)) return;
        var helpers = PeerChoice.Some(_peers, _settings.ProbePeers, p => p == target || Opinions.IsUnreachable(p), _random);
        var timeoutMs = (long)_settings.ProbeTimeout.TotalMilliseconds * Health.Patience;
        var probe = Probe.Begin(target, ++_lastNumber, NowMs, timeoutMs, helpers.Select(h => h.Id));
        _probes[target] = probe;
        _node.Tell(member, new Ping(_node.Origin, probe.Number));
        var request = new PingRequest(_node.Origin, target, probe.Number, (int)timeoutMs);
        foreach (var helper in helpers) _node.Tell(helper, request);
    }

    private void Settle(Probe probe)
    {
        var verdict = probe.At(NowMs, _monitor.IsHeardSince(probe.Target, probe.BeganMs + 1), _monitor.IsHeardOfLate(probe.Target));
        if (verdict == ProbeVerdict.Pending) return;
        _probes.Remove(probe.Target);
        switch (verdict)
        {
            case ProbeVerdict.Alive:
                Health = Health.Better();
                _doubts.Remove(probe.Target);
                break;
            case ProbeVerdict.Silent when _node.State.Members.TryGetValue(probe.Target, out var member):
                if (probe.Mute > 0) Health = Health.Worse();
                Believe([new Suspicion(member.Id, member.Incarnation, _node.Self.Id)]);
                break;
            case ProbeVerdict.AliveElsewhere or ProbeVerdict.NobodyAnswers:
                Health = Health.Worse();
                Doubt(probe.Target, verdict);
                break;
        }
    }

    private void Doubt(NodeId peer, ProbeVerdict verdict)
    {
        _doubts[peer] = _doubts.GetValueOrDefault(peer) + 1;
        if (_doubts[peer] < DoubtsToCut) return;
        _doubts.Remove(peer);
        Opinions = Opinions.CutOff(peer);
        _log.Warning(
            "node {0} is out of this node's reach: {1}", peer,
            verdict == ProbeVerdict.AliveElsewhere ? "others hear from it" : "nobody else answers either, so this node may be cut off");
    }

    private void RenewSometimes(NodeId peer)
    {
        if (_renewedMs.TryGetValue(peer, out var last) && NowMs - last < BeatsToRenew * _settings.HeartbeatInterval.TotalMilliseconds) return;
        if (!_node.State.Members.TryGetValue(peer, out var member)) return;
        _renewedMs[peer] = NowMs;
        _node.Renew(member);
    }

    private bool IsOfPastLife(Origin from) => _node.State.Members.TryGetValue(from.Node, out var member) && from.Incarnation < member.Incarnation;
}
