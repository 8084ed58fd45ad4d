using System.Collections.Immutable;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Core.FailureDetection;

/// <summary>The results of requests to a peer since the last tick: whether one was answered, and whether one failed.</summary>
public readonly record struct RequestNote(NodeId Peer, bool IsAnswered, bool IsFailed);

/// <summary>
/// One node's failure detection (docs/decisions/0008-failure-detection.md): probes a silent peer with the help of others, and spreads a suspicion if they
/// find it silent too. Each event appends its effects to a list that the caller owns and empties; none of them changes the ring.
/// </summary>
public sealed class FailureDetector
{
    // A peer counts as cut off from this node after this many probes in a row that neither reached it nor found it down.
    private const int DoubtsToCut = 2;

    // Heartbeats between reconnections to a peer that is cut off: the time that a dial has to succeed.
    private const int BeatsToReconnect = 10;

    // The same for a peer that is believed down. If it is up after all, it may read from a connection that only this node can close (Actors/Gossip/Links.cs).
    private const int BeatsToReconnectDown = 20;

    // Heartbeats between questions to a peer that is cut off: its answer ends the cut.
    private const int BeatsToAsk = 2;

    // A delay of more heartbeats than this is logged.
    private const int BeatsToLog = 2;
    private readonly DetectionRules _rules;
    private readonly IArrivals _arrivals;
    private readonly Random _random;
    private readonly AwakeClock _clock;
    private readonly PingRelays _relays = new();
    private readonly SortedDictionary<NodeId, Probe> _probes = [];
    private readonly Dictionary<NodeId, int> _doubts = [];
    private readonly Dictionary<NodeId, long> _reconnectedMs = [];
    private readonly Dictionary<NodeId, long> _askedMs = [];
    private ClusterState _state = ClusterState.Empty;
    private Member _self;
    private ImmutableArray<Member> _watchers = [];
    private long _monotonicMs;
    private long _lastNumber;

    public FailureDetector(DetectionRules rules, IArrivals arrivals, Member self, Random random, long monotonicMs)
    {
        (_rules, _arrivals, _self, _random, _monotonicMs) = (rules, arrivals, self, random, monotonicMs);
        _clock = new AwakeClock(monotonicMs, (long)rules.HeartbeatInterval.TotalMilliseconds);
        NowMs = _clock.Read(monotonicMs);
    }

    public Opinions Opinions { get; private set; } = Opinions.None;

    public LocalHealth Health { get; private set; }

    /// <summary>The members that are neither gone nor this node.</summary>
    public ImmutableArray<Member> Peers { get; private set; } = [];

    /// <summary>The time that this node was awake, in milliseconds.</summary>
    public long NowMs { get; private set; }

    /// <summary>Sets the time of the events that follow. Call before the first event of each turn.</summary>
    /// <param name="monotonicMs">Never decreases.</param>
    public void At(long monotonicMs) => NowMs = _clock.Read(_monotonicMs = monotonicMs);

    public void StateChanged(ClusterState state, Member self)
    {
        (_state, _self) = (state, self);
        var circle = state.Present.ToArray();
        Peers = [.. circle.Where(m => m.Id != self.Id)];
        (_watchers, var watched) = PeerChoice.Neighbours(circle, self.Id, _rules.Watchers);
        _arrivals.Watch([.. watched.Select(w => w.Id)], NowMs);
        Opinions = Opinions.Refuted(state);
    }

    public void HeartbeatDue(List<FailureEffect> effects) => effects.AddRange(_watchers.Select(w => new FailureEffect.SendHeartbeat(w)));

    /// <summary>Call once each <see cref="DetectionRules.TickInterval"/>.</summary>
    public void Ticked(IEnumerable<RequestNote> requests, List<FailureEffect> effects)
    {
        MeasureLateness(effects);
        foreach (var request in requests) Note(request, effects);
        foreach (var cut in Opinions.Cut) TryAgain(cut, effects);
        foreach (var suspect in Opinions.Suspected.Keys)
            if (IsDue(_reconnectedMs, suspect, BeatsToReconnectDown)) effects.Add(new FailureEffect.Reconnect(_state.Members[suspect]));
        foreach (var overdue in _arrivals.Overdue(Health.Multiplier, NowMs)) BeginProbe(overdue, effects);
        foreach (var probe in _probes.Values.ToArray()) Settle(probe, effects);
        _relays.Expire(NowMs, effects);
    }

    /// <summary>A peer's gossiper sent a message. From a past incarnation, or from a non-member, it is no sign of life.</summary>
    public void Heard(NodeId from, long incarnation, bool isAnswer, List<FailureEffect> effects)
    {
        if (!_state.Members.TryGetValue(from, out var member) || incarnation < member.Incarnation) return;
        _arrivals.Heard(from, NowMs);
        Revive(member, incarnation, isAnswer, effects);
    }

    public void HeartbeatCame(NodeId from, long incarnation, List<FailureEffect> effects)
    {
        if (!_state.Members.TryGetValue(from, out var member)) return;
        if (incarnation < member.Incarnation)
        {
            // The peer has forgotten its past: its own entry lets it begin a higher incarnation.
            effects.Add(new FailureEffect.TellSender(from));
            return;
        }
        _arrivals.HeardBeat(from, NowMs);
        if (Opinions.Cut.Contains(from)) effects.Add(new FailureEffect.Ping(member, ++_lastNumber));
    }

    public void PingAnswered(NodeId from, long incarnation, long number, List<FailureEffect> effects)
    {
        if (_relays.Answered(from, number, effects)) return;
        if (!_probes.TryGetValue(from, out var probe) || probe.Number != number || IsOfPastLife(from, incarnation)) return;
        Settle(_probes[from] = probe.Answered(), effects);
    }

    public void PingWanted(NodeId asker, NodeId target, long number, long timeoutMs, List<FailureEffect> effects) =>
        _relays.Begin(asker, number, _state.Members.GetValueOrDefault(target), ++_lastNumber, NowMs + timeoutMs, effects);

    public void HelperReported(NodeId helper, long number, bool isAlive, List<FailureEffect> effects)
    {
        if (_probes.Values.FirstOrDefault(p => p.Number == number) is not { } probe) return;
        Settle(_probes[probe.Target] = probe.HelperSaid(helper, isAlive), effects);
    }

    /// <summary>The peer of a gossip round did not answer.</summary>
    public void RoundUnanswered(NodeId peer, List<FailureEffect> effects) => BeginProbe(peer, effects);

    /// <summary>The peer of a gossip round answered in time: this node keeps up.</summary>
    public void RoundAnswered() => Health = Health.Better();

    public void SuspicionsHeard(ImmutableArray<Suspicion> suspicions, List<FailureEffect> effects)
    {
        var news = ImmutableArray.CreateBuilder<Suspicion>();
        Suspicion? ofSelf = null;
        foreach (var said in suspicions)
        {
            switch (Opinions.Judge(said, _self, _state, _arrivals.IsHeardOfLate(said.Suspect, NowMs)))
            {
                case Judgement.OfSelf when ofSelf is null || said.Incarnation > ofSelf.Incarnation: ofSelf = said; break;
                case Judgement.Contradicted: effects.Add(new FailureEffect.Spread(_state.Members[said.Suspect], [said])); break;
                case Judgement.New: news.Add(said); break;
                default: break;
            }
        }
        if (ofSelf is not null) Refute(ofSelf, effects);
        if (news.Count > 0) Believe(news.DrainToImmutable(), effects);
    }

    private void Refute(Suspicion said, List<FailureEffect> effects)
    {
        Health = Health.Worse();
        effects.Add(new FailureEffect.LogAccused(said.By));
        effects.Add(new FailureEffect.RefuteSelf(said.Incarnation));
        effects.Add(new FailureEffect.TellSender(_self.Id));
    }

    private void Believe(ImmutableArray<Suspicion> news, List<FailureEffect> effects)
    {
        foreach (var suspicion in news)
        {
            Opinions = Opinions.Suspect(suspicion);
            _probes.Remove(suspicion.Suspect);
            _reconnectedMs[suspicion.Suspect] = NowMs;
            effects.Add(new FailureEffect.LogSuspected(suspicion));
        }
        foreach (var peer in PeerChoice.Some(Peers, _rules.SpreadPeers, Opinions.IsUnreachable, _random)) effects.Add(new FailureEffect.Spread(peer, news));
    }

    // A message from the peer itself outweighs a suspicion by others. The peer is told, so that it can refute the suspicion everywhere.
    private void Revive(Member member, long incarnation, bool isAnswer, List<FailureEffect> effects)
    {
        if (isAnswer) _doubts.Remove(member.Id);
        if (!Opinions.IsUnreachable(member.Id)) return;
        if (Opinions.Suspected.TryGetValue(member.Id, out var suspicion) && suspicion.Incarnation >= incarnation)
            effects.Add(new FailureEffect.Spread(member, [suspicion]));
        Opinions = Opinions.Heard(member.Id, isAnswer);
    }

    // A node that is late for its own timer is the slow one, for a while.
    private void MeasureLateness(List<FailureEffect> effects)
    {
        _clock.WakeBy(_monotonicMs, _monotonicMs + (long)_rules.TickInterval.TotalMilliseconds);
        NowMs = _clock.Read(_monotonicMs);
        var lateMs = _clock.TakeLateMs();
        if (lateMs == 0) return;
        var beats = lateMs / _rules.HeartbeatInterval.TotalMilliseconds;
        Health = Health.Late(beats);
        if (beats > BeatsToLog) effects.Add(new FailureEffect.LogHeldUp(lateMs));
    }

    private void Note(RequestNote request, List<FailureEffect> effects)
    {
        if (!_state.Members.TryGetValue(request.Peer, out var member)) return;
        if (request.IsAnswered)
        {
            _arrivals.Heard(request.Peer, NowMs);
            Revive(member, member.Incarnation, isAnswer: true, effects);
        }
        else if (request.IsFailed)
        {
            BeginProbe(request.Peer, effects);
        }
    }

    private void BeginProbe(NodeId target, List<FailureEffect> effects)
    {
        if (_probes.ContainsKey(target) || Opinions.IsUnreachable(target) || !_state.Members.TryGetValue(target, out var member)) return;
        var helpers = PeerChoice.Some(Peers, _rules.ProbePeers, p => p == target || Opinions.IsUnreachable(p), _random);
        var timeoutMs = (long)_rules.ProbeTimeout.TotalMilliseconds * Health.Multiplier;
        var probe = _probes[target] = Probe.Begin(target, ++_lastNumber, NowMs, timeoutMs, helpers.Select(h => h.Id));
        effects.Add(new FailureEffect.Ping(member, probe.Number));
        foreach (var helper in helpers) effects.Add(new FailureEffect.AskToPing(helper, target, probe.Number, (int)timeoutMs));
    }

    private void Settle(Probe probe, List<FailureEffect> effects)
    {
        var verdict = probe.At(NowMs, _arrivals.IsHeardSince(probe.Target, probe.BeganMs + 1), _arrivals.IsHeardOfLate(probe.Target, NowMs));
        if (verdict == ProbeVerdict.Pending) return;
        _probes.Remove(probe.Target);
        switch (verdict)
        {
            case ProbeVerdict.Alive:
                Health = Health.Better();
                _doubts.Remove(probe.Target);
                break;
            case ProbeVerdict.Silent when _state.Members.TryGetValue(probe.Target, out var member):
                if (probe.Mute > 0) Health = Health.Worse();
                Believe([new Suspicion(member.Id, member.Incarnation, _self.Id)], effects);
                break;
            case ProbeVerdict.AliveElsewhere or ProbeVerdict.NobodyAnswers:
                Health = Health.Worse();
                Doubt(probe.Target, verdict, effects);
                break;
        }
    }

    private void Doubt(NodeId peer, ProbeVerdict verdict, List<FailureEffect> effects)
    {
        _doubts[peer] = _doubts.GetValueOrDefault(peer) + 1;
        if (_doubts[peer] < DoubtsToCut) return;
        _doubts.Remove(peer);
        Opinions = Opinions.CutOff(peer);
        effects.Add(new FailureEffect.LogCutOff(peer, IsHeardElsewhere: verdict == ProbeVerdict.AliveElsewhere));
    }

    // A peer that is not watched sends no heartbeats, and a gossip round seldom chooses one that is cut off: without questions the cut would outlive its cause.
    private void TryAgain(NodeId peer, List<FailureEffect> effects)
    {
        if (!_state.Members.TryGetValue(peer, out var member)) return;
        if (IsDue(_reconnectedMs, peer, BeatsToReconnect)) effects.Add(new FailureEffect.Reconnect(member));
        else if (IsDue(_askedMs, peer, BeatsToAsk)) effects.Add(new FailureEffect.Ping(member, ++_lastNumber));
    }

    private bool IsDue(Dictionary<NodeId, long> lastMs, NodeId peer, int beats)
    {
        if (lastMs.TryGetValue(peer, out var last) && NowMs - last < beats * _rules.HeartbeatInterval.TotalMilliseconds) return false;
        lastMs[peer] = NowMs;
        return true;
    }

    private bool IsOfPastLife(NodeId from, long incarnation) => _state.Members.TryGetValue(from, out var member) && incarnation < member.Incarnation;
}
