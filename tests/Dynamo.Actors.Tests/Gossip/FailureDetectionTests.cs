using Dynamo.Actors.Gossip;
using Dynamo.Core.FailureDetection;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.Gossip;

/// <summary>Which nodes n1 believes unreachable, with the real heartbeat detector and a clock that the test sets. The test plays the others.</summary>
public sealed class FailureDetectionTests
{
    private static readonly NodeId N5 = new("n5");
    private readonly List<FailureEffect> _effects = [];
    private readonly FailureDetector _n1;
    private readonly DetectionRules _rules;
    private readonly HashSet<NodeId> _silent = [];
    private TimeSpan _now = TimeSpan.FromSeconds(100);
    private Member _self = MemberOf(Given.N1, 1);
    private ClusterState _state = Given.State([.. new[] { Given.N1, Given.N2, Given.N3, Given.N4, N5 }.Select(n => MemberOf(n, 1))]);

    public FailureDetectionTests()
    {
        var gossip = Given.Settings().Gossip;
        _rules = new DetectionRules(gossip.HeartbeatInterval, gossip.ProbeTimeout, gossip.Watchers, gossip.ProbePeers, gossip.SuspicionPeers);
        _n1 = new FailureDetector(_rules, new PeerMonitor(gossip), _self, new Random(1), (long)_now.TotalMilliseconds);
        _n1.StateChanged(_state, _self);
    }

    // ---- silent peers

    [Fact]
    public void Peers_that_send_heartbeats_are_believed_up()
    {
        Pass(TimeSpan.FromSeconds(20));
        Assert.Empty(Take<FailureEffect.Ping>());
        Assert.Empty(_n1.Opinions.Unreachable());
    }

    [Fact]
    public void A_silent_peer_is_pinged_by_this_node_and_by_others_before_it_is_believed_down()
    {
        FallSilent(Given.N2);
        Assert.Equal(Given.N2, Assert.Single(Take<FailureEffect.Ping>()).To.Id);
        Assert.Equal([Given.N3, Given.N4, N5], Take<FailureEffect.AskToPing>().Select(r => r.Helper.Id).Order());
        Assert.Empty(_n1.Opinions.Unreachable());
    }

    [Fact]
    public void A_peer_that_nobody_reaches_is_suspected_and_the_suspicion_spreads()
    {
        FallSilent(Given.N2);
        Report(isAlive: false, Given.N3, Given.N4, N5);
        Pass(Given.Settings().Gossip.ProbeTimeout);
        Assert.Equal([Given.N2], _n1.Opinions.Suspected.Keys);
        var told = Take<FailureEffect.Spread>();
        Assert.Equal([Given.N3, Given.N4, N5], told.Select(t => t.To.Id).Order());
        Assert.All(told, t => Assert.Equal(new Suspicion(Given.N2, 1, Given.N1), Assert.Single(t.Suspicions)));
    }

    [Fact]
    public void A_crash_is_suspected_within_two_seconds_of_the_last_heartbeat()
    {
        Pass(TimeSpan.FromSeconds(5));
        var last = _now;
        FallSilent(Given.N2);
        Report(isAlive: false, Given.N3, Given.N4, N5);
        PassUntil(() => !_n1.Opinions.Suspected.IsEmpty);
        Assert.InRange((_now - last).TotalMilliseconds, 800, 2000);
    }

    [Fact]
    public void An_answer_ends_the_probe()
    {
        FallSilent(Given.N2);
        var ping = Assert.Single(Take<FailureEffect.Ping>());
        HearPong(Given.N2, ping.Number);
        Report(isAlive: false, Given.N3, Given.N4, N5);
        Pass(TimeSpan.FromMilliseconds(700));
        Assert.Empty(_n1.Opinions.Unreachable());
    }

    [Fact]
    public void A_peer_that_one_helper_reaches_is_not_suspected_and_is_cut_off_the_second_time()
    {
        FallSilent(Given.N2);
        Report(isAlive: false, Given.N3, N5);
        Report(isAlive: true, Given.N4);
        _effects.Clear();
        PassUntil(() => Take<FailureEffect.Ping>().Count > 0);
        Assert.Empty(_n1.Opinions.Unreachable());
        Report(isAlive: true, Given.N4);
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal([Given.N2], _n1.Opinions.Cut);
        Assert.Empty(_n1.Opinions.Suspected);
        Assert.Empty(Take<FailureEffect.Spread>());
    }

    [Fact]
    public void While_a_peer_is_cut_off_its_connections_are_renewed_now_and_then()
    {
        A_peer_that_one_helper_reaches_is_not_suspected_and_is_cut_off_the_second_time();
        var between = Given.Settings().Gossip.HeartbeatInterval * 10;
        Pass(between / 2);
        Assert.Equal([Given.N2], Reconnected);
        Pass(between);
        Assert.Equal([Given.N2, Given.N2], Reconnected);
        _silent.Remove(Given.N2);
        HearPong(Given.N2, 1);
        Pass(between * 2);
        Assert.Equal([Given.N2, Given.N2], Reconnected);
    }

    [Fact]
    public void A_heartbeat_from_a_cut_off_peer_starts_a_ping_and_only_its_answer_ends_the_cut()
    {
        A_peer_that_one_helper_reaches_is_not_suspected_and_is_cut_off_the_second_time();
        Take<FailureEffect.Ping>();
        HearBeat(Given.N2);
        Assert.Equal([Given.N2], _n1.Opinions.Cut);
        var ping = Assert.Single(Take<FailureEffect.Ping>());
        HearPong(Given.N2, ping.Number);
        Assert.Empty(_n1.Opinions.Cut);
    }

    [Fact]
    public void A_node_that_hears_from_nobody_doubts_itself_and_suspects_nobody()
    {
        FallSilent(Given.N2, Given.N3, Given.N4, N5);
        Pass(TimeSpan.FromMilliseconds(700));
        Assert.Empty(_n1.Opinions.Unreachable());
        Assert.True(_n1.Health.Score > 0);
        Pass(TimeSpan.FromSeconds(30));
        Assert.Empty(_n1.Opinions.Suspected);
        Assert.Equal([Given.N2, Given.N3, Given.N4, N5], _n1.Opinions.Cut);
        Assert.Empty(Take<FailureEffect.Spread>());
    }

    [Fact]
    public void Without_helpers_its_own_evidence_is_enough()
    {
        Change(Given.State(_self, MemberOf(Given.N2, 1)));
        FallSilent(Given.N2);
        Pass(TimeSpan.FromMilliseconds(400));
        Assert.Equal([Given.N2], _n1.Opinions.Suspected.Keys);
    }

    [Fact]
    public void Time_in_which_this_node_was_paused_counts_as_nobodys_silence()
    {
        Pass(TimeSpan.FromSeconds(5));
        _now += TimeSpan.FromSeconds(30);
        Tick();
        Assert.Empty(Take<FailureEffect.Ping>());
        Assert.Equal(LocalHealth.Worst, _n1.Health.Score);
        Pass(TimeSpan.FromSeconds(5));
        Assert.Empty(_n1.Opinions.Unreachable());
    }

    // ---- requests

    [Fact]
    public void An_unanswered_request_begins_a_probe()
    {
        Tick(new RequestNote(Given.N3, IsAnswered: false, IsFailed: true));
        Assert.Equal(Given.N3, Assert.Single(Take<FailureEffect.Ping>()).To.Id);
    }

    [Fact]
    public void Answers_to_requests_are_signs_of_life()
    {
        _silent.Add(Given.N2);
        for (var i = 0; i < 100; i++)
        {
            Tick(new RequestNote(Given.N2, IsAnswered: true, IsFailed: false));
            Pass(TimeSpan.FromMilliseconds(100));
        }
        Assert.Empty(Take<FailureEffect.Ping>());
        Assert.Empty(_n1.Opinions.Unreachable());
    }

    // ---- suspicions

    [Fact]
    public void A_suspicion_of_a_silent_peer_is_believed_and_passed_on_once()
    {
        FallSilent(Given.N2);
        _effects.Clear();
        Suspect(new Suspicion(Given.N2, 1, N5));
        Assert.Equal([Given.N2], _n1.Opinions.Suspected.Keys);
        Assert.Equal(3, Take<FailureEffect.Spread>().Count);
        Suspect(new Suspicion(Given.N2, 1, Given.N4));
        Assert.Empty(Take<FailureEffect.Spread>());
    }

    [Theory]
    [InlineData("n2", 0)]
    [InlineData("n9", 1)]
    public void Suspicions_of_a_past_incarnation_or_a_stranger_are_ignored(string node, long incarnation)
    {
        FallSilent(Given.N2);
        Suspect(new Suspicion(new NodeId(node), incarnation, N5));
        Assert.Empty(_n1.Opinions.Unreachable());
    }

    [Fact]
    public void Own_evidence_outweighs_a_suspicion_and_the_suspect_is_told_of_it()
    {
        Pass(TimeSpan.FromSeconds(1));
        Suspect(new Suspicion(Given.N2, 1, N5));
        Assert.Empty(_n1.Opinions.Unreachable());
        Assert.Equal(Given.N2, Assert.Single(Take<FailureEffect.Spread>()).To.Id);
    }

    [Fact]
    public void A_suspect_that_is_heard_is_up_and_is_told_of_the_suspicion()
    {
        A_suspicion_of_a_silent_peer_is_believed_and_passed_on_once();
        HearBeat(Given.N2);
        Assert.Empty(_n1.Opinions.Unreachable());
        Assert.Equal(Given.N2, Assert.Single(Take<FailureEffect.Spread>()).To.Id);
    }

    [Fact]
    public void A_later_incarnation_ends_a_suspicion()
    {
        A_suspicion_of_a_silent_peer_is_believed_and_passed_on_once();
        Change(_state.With(MemberOf(Given.N2, 2)));
        Assert.Empty(_n1.Opinions.Unreachable());
    }

    [Fact]
    public void A_suspicion_of_itself_is_refuted_once_and_raises_its_health_score()
    {
        Suspect(new Suspicion(Given.N1, 1, N5));
        Assert.Equal(1, Assert.Single(Take<FailureEffect.RefuteSelf>()).Incarnation);
        Assert.Equal(1, _n1.Health.Score);
        Assert.Equal(Given.N1, Assert.Single(Take<FailureEffect.TellSender>()).Of);
        _self = OwnMember.Refute(_self, 1);
        Change(_state.With(_self));
        Suspect(new Suspicion(Given.N1, 1, N5));
        Assert.Empty(Take<FailureEffect.RefuteSelf>());
    }

    [Fact]
    public void A_late_message_of_a_past_incarnation_is_no_sign_of_life_and_is_answered()
    {
        Change(_state.With(MemberOf(Given.N2, 3)));
        FallSilent(Given.N2);
        HearBeat(Given.N2);
        Assert.Equal(Given.N2, Assert.Single(Take<FailureEffect.TellSender>()).Of);
        Report(isAlive: false, Given.N3, Given.N4, N5);
        Pass(TimeSpan.FromMilliseconds(400));
        Assert.Equal([Given.N2], _n1.Opinions.Suspected.Keys);
    }

    // ---- probing for others

    [Fact]
    public void A_helper_reports_that_the_peer_answered()
    {
        _n1.PingWanted(N5, Given.N2, 77, 300, _effects);
        var ping = Assert.Single(Take<FailureEffect.Ping>());
        HearPong(Given.N2, ping.Number);
        Assert.Equal(new FailureEffect.Report(N5, 77, true), Assert.Single(Take<FailureEffect.Report>()));
    }

    [Fact]
    public void A_helper_reports_that_the_peer_was_silent_or_is_unknown()
    {
        _n1.PingWanted(N5, Given.N2, 78, 300, _effects);
        Pass(TimeSpan.FromMilliseconds(400));
        Assert.Equal(new FailureEffect.Report(N5, 78, false), Assert.Single(Take<FailureEffect.Report>()));
        _n1.PingWanted(N5, new NodeId("n9"), 79, 300, _effects);
        Assert.Equal(new FailureEffect.Report(N5, 79, false), Assert.Single(Take<FailureEffect.Report>()));
    }

    private void Pass(TimeSpan time)
    {
        for (var end = _now + time; _now < end;)
        {
            _now += _rules.TickInterval;
            if (_now.TotalMilliseconds % 500 == 0)
                foreach (var peer in _state.Members.Keys.Where(p => p != Given.N1 && !_silent.Contains(p))) HearBeat(peer);
            Tick();
        }
    }

    private void Tick(params RequestNote[] notes)
    {
        _n1.At((long)_now.TotalMilliseconds);
        _n1.Ticked(notes, _effects);
    }

    private void Change(ClusterState state) => _n1.StateChanged(_state = state, _self);

    // Returns at the first ping.
    private void FallSilent(params NodeId[] peers)
    {
        _effects.Clear();
        _silent.UnionWith(peers);
        PassUntil(() => _effects.Any(e => e is FailureEffect.Ping));
    }

    private void PassUntil(Func<bool> condition)
    {
        for (var end = _now + TimeSpan.FromMinutes(1); !condition();)
        {
            Assert.True(_now < end, "it does not happen within a minute");
            Pass(_rules.TickInterval);
        }
    }

    private void Report(bool isAlive, params NodeId[] helpers)
    {
        var number = _effects.OfType<FailureEffect.AskToPing>().Last().Number;
        foreach (var helper in helpers)
        {
            Hear(helper, isAnswer: true);
            _n1.HelperReported(helper, number, isAlive, _effects);
        }
    }

    private void Suspect(Suspicion suspicion) => _n1.SuspicionsHeard([suspicion], _effects);

    private void HearBeat(NodeId from)
    {
        Hear(from, isAnswer: false);
        _n1.HeartbeatCame(from, 1, _effects);
    }

    private void HearPong(NodeId from, long number)
    {
        Hear(from, isAnswer: true);
        _n1.PingAnswered(from, 1, number, _effects);
    }

    // As the gossiper reports it.
    private void Hear(NodeId from, bool isAnswer)
    {
        _n1.At((long)_now.TotalMilliseconds);
        _n1.Heard(from, 1, isAnswer, _effects);
    }

    private List<NodeId> Reconnected => [.. _effects.OfType<FailureEffect.Reconnect>().Select(e => e.Peer.Id)];

    private List<T> Take<T>()
        where T : FailureEffect
    {
        var taken = _effects.OfType<T>().ToList();
        _effects.RemoveAll(e => e is T);
        return taken;
    }

    private static Member MemberOf(NodeId node, long incarnation) => Given.Member(node, new NodeAddress("127.0.0.1", 7100), incarnation);
}
