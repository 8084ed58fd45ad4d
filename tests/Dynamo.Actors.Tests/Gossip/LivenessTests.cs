using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Akka.TestKit;
using Dynamo.Actors.Gossip;
using Dynamo.Actors.Shared;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Protocol;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.Gossip;

/// <summary>Whom n1 believes out of reach, on a clock that the test turns; the test hears all that n1 says and plays the others.</summary>
public sealed class LivenessTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly NodeId N5 = new("n5");
    private readonly Network _net = new();
    private readonly PeerTraffic _traffic = new();
    private readonly TestProbe _asker;
    private readonly Liveness _n1;
    private readonly HashSet<NodeId> _silent = [];

    public LivenessTests()
    {
        _asker = CreateTestProbe();
        _n1 = new Liveness(Given.Settings().Gossip, _traffic, new Random(1), _net, () => _net.Now, NoLogger.Instance);
        _n1.OnState();
    }

    // ---- what is silent

    [Fact]
    public void Peers_whose_hearts_beat_are_believed_up()
    {
        Pass(TimeSpan.FromSeconds(20));
        Assert.Empty(_net.Take<Ping>());
        Assert.Empty(_n1.Opinions.Unreachable());
    }

    [Fact]
    public void A_silent_peer_is_pinged_by_this_node_and_by_others_before_it_is_believed_down()
    {
        FallSilent(Given.N2);
        Assert.Equal(Given.N2, Assert.Single(_net.Take<Ping>()).To);
        Assert.Equal([Given.N3, Given.N4, N5], _net.Take<PingRequest>().Select(r => r.To).Order());
        Assert.Empty(_n1.Opinions.Unreachable());
    }

    [Fact]
    public void What_nobody_sees_is_believed_down_and_told_on()
    {
        FallSilent(Given.N2);
        Report(isAlive: false, Given.N3, Given.N4, N5);
        Pass(Given.Settings().Gossip.ProbeTimeout);
        Assert.Equal([Given.N2], _n1.Opinions.Suspected.Keys);
        var told = _net.Take<Rumours>();
        Assert.Equal([Given.N3, Given.N4, N5], told.Select(t => t.To).Order());
        Assert.All(told, t => Assert.Equal(new Suspicion(Given.N2, 1, Given.N1), Assert.Single(((Rumours)t.Message).Suspicions)));
    }

    [Fact]
    public void It_takes_less_than_two_seconds_from_the_last_heartbeat()
    {
        Pass(TimeSpan.FromSeconds(5));
        var last = _net.Now;
        FallSilent(Given.N2);
        Report(isAlive: false, Given.N3, Given.N4, N5);
        PassUntil(() => !_n1.Opinions.Suspected.IsEmpty);
        Assert.InRange((_net.Now - last).TotalMilliseconds, 800, 2000);
    }

    [Fact]
    public void An_answer_ends_the_doubt()
    {
        FallSilent(Given.N2);
        var ping = (Ping)Assert.Single(_net.Take<Ping>()).Message;
        Hear(new Pong(Network.OriginOf(Given.N2), ping.Number));
        Report(isAlive: false, Given.N3, Given.N4, N5);
        Pass(TimeSpan.FromMilliseconds(700));
        Assert.Empty(_n1.Opinions.Unreachable());
    }

    [Fact]
    public void What_one_other_hears_from_is_not_suspected_and_out_of_this_node_s_reach_the_second_time()
    {
        FallSilent(Given.N2);
        Report(isAlive: false, Given.N3, N5);
        Report(isAlive: true, Given.N4);
        _net.Sent.Clear();
        PassUntil(() => !_net.Take<Ping>().IsEmpty);
        Assert.Empty(_n1.Opinions.Unreachable());
        Report(isAlive: true, Given.N4);
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal([Given.N2], _n1.Opinions.Cut);
        Assert.Empty(_n1.Opinions.Suspected);
        Assert.Empty(_net.Take<Rumours>());
    }

    [Fact]
    public void As_long_as_a_peer_is_out_of_this_node_s_reach_its_connections_are_made_anew_now_and_then()
    {
        What_one_other_hears_from_is_not_suspected_and_out_of_this_node_s_reach_the_second_time();
        var between = Given.Settings().Gossip.HeartbeatInterval * 10;
        Pass(between / 2);
        Assert.Equal([Given.N2], _net.Renewed);
        Pass(between);
        Assert.Equal([Given.N2, Given.N2], _net.Renewed);
        _silent.Remove(Given.N2);
        Hear(new Pong(Network.OriginOf(Given.N2), 1));
        Pass(between * 2);
        Assert.Equal([Given.N2, Given.N2], _net.Renewed);
    }

    [Fact]
    public void A_heartbeat_from_one_that_is_cut_off_asks_for_an_answer_and_only_that_brings_it_back()
    {
        What_one_other_hears_from_is_not_suspected_and_out_of_this_node_s_reach_the_second_time();
        _net.Take<Ping>();
        Hear(new Heartbeat(Network.OriginOf(Given.N2)));
        Assert.Equal([Given.N2], _n1.Opinions.Cut);
        var ping = (Ping)Assert.Single(_net.Take<Ping>()).Message;
        Hear(new Pong(Network.OriginOf(Given.N2), ping.Number));
        Assert.Empty(_n1.Opinions.Cut);
    }

    [Fact]
    public void Who_hears_from_nobody_at_all_doubts_itself_and_tells_nothing()
    {
        FallSilent(Given.N2, Given.N3, Given.N4, N5);
        Pass(TimeSpan.FromMilliseconds(700));
        Assert.Empty(_n1.Opinions.Unreachable());
        Assert.True(_n1.Health.Score > 0);
        Pass(TimeSpan.FromSeconds(30));
        Assert.Empty(_n1.Opinions.Suspected);
        Assert.Equal([Given.N2, Given.N3, Given.N4, N5], _n1.Opinions.Cut);
        Assert.Empty(_net.Take<Rumours>());
    }

    [Fact]
    public void Without_others_to_ask_its_own_evidence_counts()
    {
        _net.State = Given.State(_net.Self, Network.MemberOf(Given.N2, 1));
        _n1.OnState();
        FallSilent(Given.N2);
        Pass(TimeSpan.FromMilliseconds(400));
        Assert.Equal([Given.N2], _n1.Opinions.Suspected.Keys);
    }

    [Fact]
    public void A_time_in_which_this_node_stood_still_is_nobody_s_silence()
    {
        Pass(TimeSpan.FromSeconds(5));
        _net.Now += TimeSpan.FromSeconds(30);
        _n1.Tick();
        Assert.Empty(_net.Take<Ping>());
        Assert.Equal(LocalHealth.Worst, _n1.Health.Score);
        Pass(TimeSpan.FromSeconds(5));
        Assert.Empty(_n1.Opinions.Unreachable());
    }

    // ---- requests

    [Fact]
    public void A_request_that_was_not_answered_begins_a_probe()
    {
        _traffic.Note(Given.N3, isAnswered: false);
        Pass(_n1.TickInterval);
        Assert.Equal(Given.N3, Assert.Single(_net.Take<Ping>()).To);
    }

    [Fact]
    public void Answers_to_requests_are_signs_of_life()
    {
        _silent.Add(Given.N2);
        for (var i = 0; i < 100; i++)
        {
            _traffic.Note(Given.N2, isAnswered: true);
            Pass(TimeSpan.FromMilliseconds(100));
        }
        Assert.Empty(_net.Take<Ping>());
        Assert.Empty(_n1.Opinions.Unreachable());
    }

    // ---- what is said

    [Fact]
    public void News_of_a_death_are_believed_and_told_on_once()
    {
        FallSilent(Given.N2);
        _net.Sent.Clear();
        Rumour(new Suspicion(Given.N2, 1, N5));
        Assert.Equal([Given.N2], _n1.Opinions.Suspected.Keys);
        Assert.Equal(3, _net.Take<Rumours>().Count);
        Rumour(new Suspicion(Given.N2, 1, Given.N4));
        Assert.Empty(_net.Take<Rumours>());
    }

    [Theory]
    [InlineData("n2", 0)]
    [InlineData("n9", 1)]
    public void A_life_that_is_over_and_a_stranger_are_above_suspicion(string node, long incarnation)
    {
        FallSilent(Given.N2);
        Rumour(new Suspicion(new NodeId(node), incarnation, N5));
        Assert.Empty(_n1.Opinions.Unreachable());
    }

    [Fact]
    public void What_is_heard_with_one_s_own_ears_outweighs_what_is_said_and_the_suspect_learns_of_it()
    {
        Pass(TimeSpan.FromSeconds(1));
        Rumour(new Suspicion(Given.N2, 1, N5));
        Assert.Empty(_n1.Opinions.Unreachable());
        Assert.Equal(Given.N2, Assert.Single(_net.Take<Rumours>()).To);
    }

    [Fact]
    public void One_that_was_believed_down_and_is_heard_is_up_and_is_told_what_was_said_of_it()
    {
        News_of_a_death_are_believed_and_told_on_once();
        Hear(new Heartbeat(Network.OriginOf(Given.N2)));
        Assert.Empty(_n1.Opinions.Unreachable());
        Assert.Equal(Given.N2, Assert.Single(_net.Take<Rumours>()).To);
    }

    [Fact]
    public void A_later_life_is_above_suspicion()
    {
        News_of_a_death_are_believed_and_told_on_once();
        _net.State = _net.State.With(Network.MemberOf(Given.N2, 2));
        _n1.OnState();
        Assert.Empty(_n1.Opinions.Unreachable());
    }

    [Fact]
    public void What_is_said_of_itself_is_refuted_and_makes_it_doubt_itself()
    {
        Rumour(new Suspicion(Given.N1, 1, N5));
        Assert.Equal(2, _net.Self.Incarnation);
        Assert.Equal(1, _n1.Health.Score);
        Assert.Equal(2, _asker.ExpectMsg<GossipDelta>(Given.Long).Difference.Members[Given.N1].Incarnation);
        Rumour(new Suspicion(Given.N1, 1, N5));
        Assert.Equal(2, _net.Self.Incarnation);
    }

    [Fact]
    public void A_late_message_of_a_past_life_is_no_sign_of_life_and_is_answered_with_what_is_known()
    {
        _net.State = _net.State.With(Network.MemberOf(Given.N2, 3));
        _n1.OnState();
        FallSilent(Given.N2);
        Hear(new Heartbeat(Network.OriginOf(Given.N2)));
        Assert.Equal(3, _asker.ExpectMsg<GossipDelta>(Given.Long).Difference.Members[Given.N2].Incarnation);
        Report(isAlive: false, Given.N3, Given.N4, N5);
        Pass(TimeSpan.FromMilliseconds(400));
        Assert.Equal([Given.N2], _n1.Opinions.Suspected.Keys);
    }

    // ---- looking for others

    [Fact]
    public void Who_is_asked_to_look_reports_what_it_saw()
    {
        _n1.OnPingRequest(new PingRequest(Network.OriginOf(N5), Given.N2, 77, 300), _asker);
        var ping = Assert.Single(_net.Take<Ping>());
        Hear(new Pong(Network.OriginOf(Given.N2), ((Ping)ping.Message).Number));
        Assert.Equal(new PingReport(_net.Origin, 77, true), _asker.ExpectMsg<PingReport>(Given.Long));
    }

    [Fact]
    public void And_that_it_saw_nothing()
    {
        _n1.OnPingRequest(new PingRequest(Network.OriginOf(N5), Given.N2, 78, 300), _asker);
        Pass(TimeSpan.FromMilliseconds(400));
        Assert.Equal(new PingReport(_net.Origin, 78, false), _asker.ExpectMsg<PingReport>(Given.Long));
        _n1.OnPingRequest(new PingRequest(Network.OriginOf(N5), new NodeId("n9"), 79, 300), _asker);
        Assert.Equal(new PingReport(_net.Origin, 79, false), _asker.ExpectMsg<PingReport>(Given.Long));
    }

    private void Pass(TimeSpan time)
    {
        for (var end = _net.Now + time; _net.Now < end;)
        {
            _net.Now += _n1.TickInterval;
            if (_net.Now.TotalMilliseconds % 500 == 0)
                foreach (var peer in _net.Others.Where(p => !_silent.Contains(p))) Hear(new Heartbeat(Network.OriginOf(peer)));
            _n1.Tick();
        }
    }

    // Until the first ping.
    private void FallSilent(params NodeId[] peers)
    {
        _net.Sent.Clear();
        _silent.UnionWith(peers);
        PassUntil(() => _net.Sent.Any(s => s.Message is Ping));
    }

    private void PassUntil(Func<bool> condition)
    {
        for (var end = _net.Now + TimeSpan.FromMinutes(1); !condition();)
        {
            Assert.True(_net.Now < end, "it does not happen within a minute");
            Pass(_n1.TickInterval);
        }
    }

    private void Report(bool isAlive, params NodeId[] helpers)
    {
        var request = (PingRequest)_net.Sent.Last(s => s.Message is PingRequest).Message;
        foreach (var helper in helpers) Hear(new PingReport(Network.OriginOf(helper), request.Number, isAlive));
    }

    private void Rumour(Suspicion suspicion) => _n1.OnSuspicions([suspicion], _asker);

    // As the gossiper passes it on.
    private void Hear(IGossip message)
    {
        _n1.Heard(message.From, isAnswer: message is Pong or PingReport);
        switch (message)
        {
            case Heartbeat beat: _n1.OnHeartbeat(beat, _asker); break;
            case Pong pong: _n1.OnPong(pong); break;
            case PingReport report: _n1.OnPingReport(report); break;
        }
    }

    private sealed class Network : IGossiping
    {
        public Member Self { get; private set; } = MemberOf(Given.N1, 1);

        public ClusterState State { get; set; } = Given.State([.. new[] { Given.N1, Given.N2, Given.N3, Given.N4, N5 }.Select(n => MemberOf(n, 1))]);

        public Origin Origin => new("dynamo", Self.Id, Self.Incarnation);

        public TimeSpan Now { get; set; } = TimeSpan.FromSeconds(100);

        public IEnumerable<NodeId> Others => State.Members.Keys.Where(n => n != Self.Id);

        public List<(NodeId To, IGossip Message)> Sent { get; } = [];

        public static Member MemberOf(NodeId node, long incarnation) => Given.Member(node, new NodeAddress("127.0.0.1", 7100), incarnation);

        public static Origin OriginOf(NodeId node) => new("dynamo", node, 1);

        public void Tell(Member to, IGossip message) => Sent.Add((to.Id, message));

        public List<NodeId> Renewed { get; } = [];

        public void Renew(Member peer) => Renewed.Add(peer.Id);

        public void Refute(long incarnation) => Self = Self with { Incarnation = Math.Max(Self.Incarnation, incarnation) + 1 };

        public ImmutableList<(NodeId To, IGossip Message)> Take<T>()
        {
            var taken = Sent.Where(s => s.Message is T).ToImmutableList();
            Sent.RemoveAll(s => s.Message is T);
            return taken;
        }
    }
}
