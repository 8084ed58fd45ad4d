using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Dynamo.Actors.Settings;
using Dynamo.Actors.Shared;
using Dynamo.Core.FailureDetection;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Actors.Gossip;

/// <summary>
/// Failure detection for the gossiper: passes events to the <see cref="FailureDetector"/> and carries out its effects as messages, refutations and
/// log lines.
/// </summary>
internal sealed class Detection
{
    private readonly INode _node;
    private readonly PeerTraffic _traffic;
    private readonly ActorSystem _system;
    private readonly ILoggingAdapter _log;
    private readonly DetectionRules _rules;
    private readonly FailureDetector _detector;
    private readonly List<FailureEffect> _effects = [];

    public Detection(INode node, Member self, GossipSettings settings, PeerTraffic traffic, Random random, ActorSystem system, ILoggingAdapter log)
    {
        (_node, _traffic, _system, _log) = (node, traffic, system, log);
        _rules = new DetectionRules(settings.HeartbeatInterval, settings.ProbeTimeout, settings.Watchers, settings.ProbePeers, settings.SuspicionPeers);
        _detector = new FailureDetector(_rules, new PeerMonitor(settings), self, random, MonotonicMs);
    }

    /// <summary>The gossiper as failure detection sees it. Its state may change while effects are carried out.</summary>
    internal interface INode
    {
        /// <summary>Heads every message that this node sends.</summary>
        Origin Origin { get; }

        ClusterState State { get; }

        /// <summary>Refutes a suspicion: raises this node's incarnation above the suspected one.</summary>
        void Refute(long incarnation);
    }

    public Opinions Opinions => _detector.Opinions;

    public ImmutableArray<Member> Peers => _detector.Peers;

    public long NowMs => _detector.NowMs;

    public TimeSpan TickInterval => _rules.TickInterval;

    private long MonotonicMs => (long)_system.Scheduler.MonotonicClock.TotalMilliseconds;

    /// <summary>Begins a turn of the gossiper.</summary>
    public void Begin() => _detector.At(MonotonicMs);

    public void StateChanged(Member self) => _detector.StateChanged(_node.State, self);

    public void Beat() => _detector.HeartbeatDue(_effects);

    public void Tick()
    {
        var notes = new List<RequestNote>();
        if (_traffic.TakeNoted())
        {
            foreach (var peer in _detector.Peers)
            {
                var (isAnswered, isFailed) = _traffic.Take(peer.Id);
                notes.Add(new RequestNote(peer.Id, isAnswered, isFailed));
            }
        }
        _detector.Ticked(notes, _effects);
    }

    /// <summary>Handles any gossip message that admission let in.</summary>
    public void Hear(IGossip message, IActorRef sender)
    {
        var from = message.From;
        _detector.Heard(from.Node, from.Incarnation, isAnswer: message is GossipAck or GossipMarks or Pong or PingReport, _effects);
        switch (message)
        {
            case Heartbeat: _detector.HeartbeatCame(from.Node, from.Incarnation, _effects); break;
            case SpreadSuspicions spread: _detector.SuspicionsHeard(spread.Suspicions, _effects); break;
            case Ping ping: sender.Tell(new Pong(_node.Origin, ping.Number)); break;
            case Pong pong: _detector.PingAnswered(from.Node, from.Incarnation, pong.Number, _effects); break;
            case PingRequest request: _detector.PingWanted(from.Node, request.Target, request.Number, request.TimeoutMs, _effects); break;
            case PingReport report: _detector.HelperReported(from.Node, report.Number, report.IsAlive, _effects); break;
        }
        Settle(sender);
    }

    /// <summary>Handles suspicions piggybacked on a gossip round. Effects run at once, before this node's reply: a refutation raises its incarnation.</summary>
    public void Hear(ImmutableArray<Suspicion> suspicions, IActorRef sender)
    {
        _detector.SuspicionsHeard(suspicions, _effects);
        Settle(sender);
    }

    public void RoundEnded(NodeId? silent, IActorRef sender)
    {
        if (silent is { } peer) _detector.RoundUnanswered(peer, _effects);
        Settle(sender);
    }

    public void RoundAnswered() => _detector.RoundAnswered();

    /// <summary>Carries out the pending effects.</summary>
    /// <param name="sender">Sender of the message that caused them.</param>
    public void Settle(IActorRef sender)
    {
        foreach (var effect in _effects) Run(effect, sender);
        _effects.Clear();
    }

    private void Run(FailureEffect effect, IActorRef sender)
    {
        var origin = _node.Origin;
        switch (effect)
        {
            case FailureEffect.SendHeartbeat(var to): Tell(to, new Heartbeat(origin)); break;
            case FailureEffect.Ping(var to, var number): Tell(to, new Ping(origin, number)); break;
            case FailureEffect.AskToPing(var helper, var target, var number, var timeoutMs): Tell(helper, new PingRequest(origin, target, number, timeoutMs)); break;
            case FailureEffect.Report(var to, var number, var isAlive):
                if (_node.State.Members.TryGetValue(to, out var asker)) Tell(asker, new PingReport(origin, number, isAlive));
                break;
            case FailureEffect.Spread(var to, var suspicions): Tell(to, new SpreadSuspicions(origin, suspicions)); break;
            case FailureEffect.RefuteSelf(var incarnation): _node.Refute(incarnation); break;
            case FailureEffect.TellSender(var of): sender.Tell(new GossipDelta(origin, ClusterState.Empty.With(_node.State.Members[of]), null)); break;
            case FailureEffect.Reconnect(var peer): Links.Renew(_system, peer.Address); break;
            default: Log(effect); break;
        }
    }

    private void Tell(Member to, IGossip message) => NodePaths.GossiperAt(_system, to.Address).Tell(message);

    private void Log(FailureEffect effect)
    {
        switch (effect)
        {
            case FailureEffect.LogSuspected(var (suspect, _, by)):
                _log.Warning("node {0} is believed down: {1} found it silent", suspect, by);
                break;
            case FailureEffect.LogCutOff(var peer, var isHeardElsewhere):
                _log.Warning(
                    "node {0} is out of this node's reach: {1}", peer, isHeardElsewhere ? "others hear from it" : "nobody else answers either, so this node may be cut off");
                break;
            case FailureEffect.LogAccused(var by):
                _log.Info("node {0} found this node silent: it may be slow or hard to reach", by);
                break;
            case FailureEffect.LogHeldUp(var ms):
                _log.Warning("this node was held up for {0} ms: silence of other nodes during that time is ignored", ms);
                break;
        }
    }
}
