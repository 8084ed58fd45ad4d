using System.Collections.Immutable;
using Dynamo.Core.FailureDetection;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Tests.Requests;

namespace Dynamo.Core.Tests.FailureDetection;

/// <summary>
/// Cases/detection.txt: every rule of failure detection, as events and the effects that follow. <c>#1</c> is the number of a ping; <c>n3 ping n2</c> asks n3 to
/// ping n2; <c>believed down</c> and <c>multiplier</c> show the resulting state of the node.
/// </summary>
public sealed class DetectionCaseTests
{
    private static readonly DetectionRules Rules = new(
        HeartbeatInterval: TimeSpan.FromMilliseconds(500), ProbeTimeout: TimeSpan.FromMilliseconds(300), Watchers: 8, ProbePeers: 3, SpreadPeers: 3);

    private readonly Arrivals _arrivals = new();
    private readonly List<FailureEffect> _effects = [];
    private readonly FailureDetector _n1;
    private ClusterState _state = ClusterState.Empty;
    private long _nowMs;

    public DetectionCaseTests()
    {
        _n1 = new FailureDetector(Rules, _arrivals, Member("n1", 1), new Random(1), monotonicMs: 0);
        Members("n1", "n2", "n3", "n4", "n5");
    }

    public static TheoryData<string> Cases => [.. Case.Read("detection.txt").Select(c => c.Title)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Detection(string title) => Case.Read("detection.txt").Single(c => c.Title == title).Run(Change, words =>
    {
        switch (words)
        {
            case ["believed", "down"]: return Or("nobody", string.Join(", ", _n1.Opinions.Unreachable().Order()));
            case ["multiplier"]: return $"{_n1.Health.Multiplier}";
            case ["beat", "due"]: _n1.HeartbeatDue(_effects); break;
            case ["ticks", "to", var ms]: TicksTo(long.Parse(ms)); break;
            case ["wakes", "at", var ms]: Tick(long.Parse(ms)); break;
            case ["request", var node, var how, "at", var ms]:
                Tick(long.Parse(ms), new RequestNote(new NodeId(node), IsAnswered: how == "answered", IsFailed: how == "unanswered"));
                break;
            case ["round", "unanswered", var node]: _n1.RoundUnanswered(new NodeId(node), _effects); break;
            case ["said", var node, "life", var life, "by", .. var all]:
                _n1.SuspicionsHeard([.. all.Select(by => new Suspicion(new NodeId(node), long.Parse(life), new NodeId(by)))], _effects);
                break;
            case [var node, .. var what]: Say(new NodeId(node), what); break;
        }
        return Drained();
    });

    private void Say(NodeId from, string[] what)
    {
        _n1.Heard(from, 1, isAnswer: what[0] is "answers" or "sees", _effects);
        switch (what)
        {
            case ["beats"]: _n1.HeartbeatCame(from, 1, _effects); break;
            case ["answers", var number]: _n1.PingAnswered(from, 1, Number(number), _effects); break;
            // A late answer says nothing about the present, so it does not count here as a sign of life.
            case ["answered-earlier", var number]:
                _arrivals.Forget(from);
                _n1.PingAnswered(from, 1, Number(number), _effects);
                break;
            case ["sees", "nothing", var number]: _n1.HelperReported(from, Number(number), isAlive: false, _effects); break;
            case ["sees", "it", var number]: _n1.HelperReported(from, Number(number), isAlive: true, _effects); break;
            case ["wants", var target, var number]: _n1.PingWanted(from, new NodeId(target), Number(number), 300, _effects); break;
            default: throw new FormatException(string.Join(' ', what));
        }
    }

    private void Change(string[] words)
    {
        switch (words)
        {
            case ["members", .. var names]: Members(names); break;
            case ["life", var node, var life]: Use(_state.With(Member(node, long.Parse(life)))); break;
            case ["overdue", var node]: _arrivals.Late.Add(new NodeId(node)); break;
            case ["not", "overdue", var node]: _arrivals.Late.Remove(new NodeId(node)); break;
            case [var node, "spoke"]: _n1.Heard(new NodeId(node), 1, isAnswer: false, _effects); break;
            case ["cut", "off", var node]: CutOff(new NodeId(node)); break;
            default: throw new FormatException(string.Join(' ', words));
        }
    }

    // Two probes that only helpers answer.
    private void CutOff(NodeId node)
    {
        for (var probe = 1; probe <= 2; probe++)
        {
            _n1.RoundUnanswered(node, _effects);
            foreach (var helper in _n1.Peers.Where(p => p.Id != node)) _n1.HelperReported(helper.Id, probe, isAlive: true, _effects);
            TicksTo(_nowMs + 1200);
        }
        _effects.Clear();
    }

    private void TicksTo(long ms)
    {
        while (_nowMs < ms) Tick(_nowMs + 100);
    }

    private void Tick(long nowMs, params RequestNote[] requests)
    {
        _n1.At(_nowMs = nowMs);
        _n1.Ticked(requests, _effects);
    }

    // Peers are chosen at random, so effects of one kind are sorted.
    private string Drained()
    {
        var shown = new List<string>();
        for (var i = 0; i < _effects.Count;)
        {
            var kind = _effects.Skip(i).TakeWhile(e => e.GetType() == _effects[i].GetType()).ToArray();
            shown.AddRange(kind.Select(Show).Order(StringComparer.Ordinal));
            i += kind.Length;
        }
        _effects.Clear();
        return string.Join("; ", shown);
    }

    private void Members(params string[] names) =>
        Use(ClusterState.Empty with { Members = names.ToImmutableSortedDictionary(n => new NodeId(n), n => Member(n, 1)) });

    private void Use(ClusterState state) => _n1.StateChanged(_state = state, state.Members[new NodeId("n1")]);

    private static Member Member(string name, long incarnation) => new(new NodeId(name), new NodeAddress(name, 1), incarnation, MemberStatus.Up, "", 1);

    private static long Number(string text) => long.Parse(text[1..]);

    private static string Or(string none, string text) => text.Length > 0 ? text : none;

    private static string Show(FailureEffect effect) => effect switch
    {
        FailureEffect.SendHeartbeat(var to) => $"beat {to.Id}",
        FailureEffect.Ping(var to, var number) => $"ping {to.Id} #{number}",
        FailureEffect.AskToPing(var helper, var target, var number, _) => $"{helper.Id} ping {target} #{number}",
        FailureEffect.Report(var to, var number, var isAlive) => $"report #{number} {(isAlive ? "alive" : "silent")} to {to}",
        FailureEffect.Spread(var to, var suspicions) => $"spread {string.Join(", ", suspicions.Select(s => s.Suspect).Distinct())} to {to.Id}",
        FailureEffect.RefuteSelf(var incarnation) => $"refute life {incarnation}",
        FailureEffect.TellSender(var of) => $"tell sender of {of}",
        FailureEffect.Reconnect(var peer) => $"reconnect {peer.Id}",
        FailureEffect.LogSuspected(var suspicion) => $"log {suspicion.Suspect} suspected by {suspicion.By}",
        FailureEffect.LogCutOff(var peer, var isHeardElsewhere) => $"log {peer} cut off{(isHeardElsewhere ? ", heard elsewhere" : "")}",
        FailureEffect.LogAccused(var by) => $"log accused by {by}",
        FailureEffect.LogHeldUp(var ms) => $"log held up {ms} ms",
        _ => throw new NotSupportedException(effect.ToString()),
    };

    /// <summary>A peer is overdue when the case says so; one that spoke within 800 ms was heard recently.</summary>
    private sealed class Arrivals : IArrivals
    {
        private const long ToleratedMs = 800;
        private readonly Dictionary<NodeId, long> _heard = [];

        public HashSet<NodeId> Late { get; } = [];

        public void Forget(NodeId peer) => _heard.Remove(peer);

        public void Watch(ImmutableArray<NodeId> peers, long nowMs)
        {
        }

        public void Heard(NodeId peer, long nowMs) => _heard[peer] = nowMs;

        public void HeardBeat(NodeId peer, long nowMs) => Heard(peer, nowMs);

        public bool IsHeardSince(NodeId peer, long sinceMs) => _heard.TryGetValue(peer, out var last) && last >= sinceMs;

        public bool IsHeardOfLate(NodeId peer, long nowMs) => IsHeardSince(peer, nowMs - ToleratedMs);

        public IReadOnlyList<NodeId> Overdue(int multiplier, long nowMs) => [.. Late.Order()];
    }
}
