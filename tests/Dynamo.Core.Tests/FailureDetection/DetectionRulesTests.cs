using System.Collections.Immutable;
using Dynamo.Core.FailureDetection;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Tests.FailureDetection;

/// <summary>Which nodes to believe down, given times and answers.</summary>
public sealed class DetectionRulesTests
{
    private static readonly NodeId A = new("a");
    private static readonly NodeId B = new("b");
    private static readonly NodeId C = new("c");
    private static readonly NodeId D = new("d");

    // ---- a probe

    [Fact]
    public void An_answer_decides_at_any_time() =>
        Assert.Equal(ProbeVerdict.Alive, Begun(B, C).HelperSaid(B, false).HelperSaid(C, false).Answered().At(0));

    [Fact]
    public void Nothing_is_decided_while_the_peer_may_still_answer() =>
        Assert.Equal(ProbeVerdict.Pending, Begun(B).HelperSaid(B, isAlive: false).At(99));

    [Fact]
    public void The_last_no_decides_without_waiting_for_the_end() =>
        Assert.Equal(ProbeVerdict.Silent, Begun(B, C).HelperSaid(B, false).HelperSaid(C, false).At(100));

    [Fact]
    public void A_mute_helper_is_waited_for_and_then_ignored()
    {
        var probe = Begun(B, C).HelperSaid(B, false);
        Assert.Equal(ProbeVerdict.Pending, probe.At(199));
        Assert.Equal(ProbeVerdict.Silent, probe.At(200));
        Assert.Equal(1, probe.Mute);
    }

    [Fact]
    public void When_most_helpers_are_mute_a_single_no_accuses_nobody()
    {
        Assert.Equal(ProbeVerdict.NobodyAnswers, Begun(B, C, D).HelperSaid(B, false).At(200));
        Assert.Equal(ProbeVerdict.Silent, Begun(B, C, D).HelperSaid(B, false).HelperSaid(C, false).At(200));
    }

    [Fact]
    public void A_peer_heard_just_before_the_probe_is_given_the_usual_time()
    {
        var probe = Begun(B, C).HelperSaid(B, false).HelperSaid(C, false);
        Assert.Equal(ProbeVerdict.Pending, probe.At(250, isHeardOfLate: true));
        Assert.Equal(ProbeVerdict.Silent, probe.At(250, isHeardOfLate: false));
        Assert.Equal(ProbeVerdict.Alive, probe.Answered().At(250, isHeardOfLate: true));
    }

    [Fact]
    public void One_yes_outweighs_every_no() =>
        Assert.Equal(ProbeVerdict.AliveElsewhere, Begun(B, C, D).HelperSaid(B, false).HelperSaid(C, true).HelperSaid(D, false).At(100));

    [Fact]
    public void A_peer_heard_during_the_probe_is_alive() => Assert.Equal(ProbeVerdict.AliveElsewhere, Begun(B).HelperSaid(B, false).At(100, isHeardSince: true));

    [Fact]
    public void When_nobody_answers_nobody_is_accused() => Assert.Equal(ProbeVerdict.NobodyAnswers, Begun(B, C).At(200));

    [Fact]
    public void Without_helpers_silence_is_enough() => Assert.Equal(ProbeVerdict.Silent, Begun().At(100));

    [Fact]
    public void A_helpers_first_report_counts_and_a_strangers_does_not()
    {
        var probe = Begun(B).HelperSaid(C, true).HelperSaid(B, false).HelperSaid(B, true);
        Assert.Equal(ProbeVerdict.Silent, probe.At(100));
    }

    // ---- opinions of other nodes

    [Fact]
    public void A_suspicion_is_judged_by_the_incarnation_that_it_names()
    {
        var state = ClusterState.Empty.With(Node(A, 5)).With(Node(B, 5)).With(Node(C, 5, MemberStatus.Removed));
        Judgement Judge(NodeId suspect, long incarnation, bool heard = false, Opinions? opinions = null) =>
            (opinions ?? Opinions.None).Judge(new Suspicion(suspect, incarnation, D), Node(A, 5), state, heard);

        Assert.Equal(Judgement.OfSelf, Judge(A, 5));
        Assert.Equal(Judgement.OfSelf, Judge(A, 6));
        Assert.Equal(Judgement.Stale, Judge(A, 4));
        Assert.Equal(Judgement.New, Judge(B, 5));
        Assert.Equal(Judgement.New, Judge(B, 6));
        Assert.Equal(Judgement.Stale, Judge(B, 4));
        Assert.Equal(Judgement.Stale, Judge(C, 9));
        Assert.Equal(Judgement.Stale, Judge(D, 9));
        Assert.Equal(Judgement.Contradicted, Judge(B, 5, heard: true));
        var known = Opinions.None.Suspect(new Suspicion(B, 5, C));
        Assert.Equal(Judgement.Known, Judge(B, 5, opinions: known));
        Assert.Equal(Judgement.New, Judge(B, 6, opinions: known));
    }

    [Fact]
    public void A_later_incarnation_refutes()
    {
        var opinions = Opinions.None.Suspect(new Suspicion(B, 5, A)).Suspect(new Suspicion(C, 5, A)).Suspect(new Suspicion(D, 5, A)).CutOff(A);
        var state = ClusterState.Empty.With(Node(A, 1)).With(Node(B, 6)).With(Node(C, 5)).With(Node(D, 5, MemberStatus.Left));
        var left = opinions.Refuted(state);
        Assert.Equal([C], left.Suspected.Keys);
        Assert.Equal([A], left.Cut);
        Assert.Equal([A, C], left.Unreachable().Order());
    }

    [Fact]
    public void A_sign_of_life_ends_a_suspicion_and_only_an_answer_ends_a_cut()
    {
        Assert.False(Opinions.None.Suspect(new Suspicion(B, 1, A)).Heard(B, isAnswer: false).IsUnreachable(B));
        Assert.True(Opinions.None.CutOff(B).Heard(B, isAnswer: false).IsUnreachable(B));
        Assert.False(Opinions.None.CutOff(B).Heard(B, isAnswer: true).IsUnreachable(B));
    }

    [Fact]
    public void Suspicions_are_sent_as_far_as_they_fit()
    {
        var opinions = Enumerable.Range(0, 1000).Aggregate(Opinions.None, (o, i) => o.Suspect(new Suspicion(new NodeId($"n{i}"), 1, A)));
        Assert.InRange(opinions.ToTell(16 << 10, new Random(1)).Length, 100, 200);
        Assert.Equal(1000, opinions.ToTell(1 << 20, new Random(1)).Length);
    }

    // ---- the node itself

    [Fact]
    public void The_health_score_rises_and_falls_within_bounds()
    {
        var health = default(LocalHealth);
        Assert.Equal(1, health.Multiplier);
        Assert.Equal(1, health.Better().Multiplier);
        Assert.Equal(2, health.Worse().Multiplier);
        Assert.Equal(9, health.Worse(100).Multiplier);
        Assert.Equal(health, health.Late(0.9));
        Assert.Equal(LocalHealth.Worst, health.Late(1e12).Score);
        Assert.Equal(0, health.Worse().Better().Score);
    }

    [Fact]
    public void The_clock_stops_while_its_owner_is_paused()
    {
        var clock = new AwakeClock(1000, slackMs: 50);
        clock.WakeBy(1000, 1100);
        Assert.Equal(1090, clock.Read(1090));
        Assert.Equal(1150, clock.Read(1150));
        Assert.Equal(0, clock.TakeLateMs());

        // It should have woken at 1100 and wakes at 9100: 8 seconds are lost, whichever read comes first.
        Assert.Equal(1100, clock.Read(9100));
        clock.WakeBy(9100, 9200);
        Assert.Equal(8000, clock.TakeLateMs());
        Assert.Equal(1200, clock.Read(9200));
    }

    // ---- choosing peers

    [Fact]
    public void Watchers_are_the_next_nodes_of_the_circle_and_every_node_has_as_many()
    {
        var circle = Enumerable.Range(0, 20).Select(i => Node(new NodeId($"n{i:00}"), 1)).ToArray();
        var (watchers, watched) = PeerChoice.Neighbours(circle, circle[18].Id, 3);
        Assert.Equal(new[] { circle[19], circle[0], circle[1] }, watchers.ToArray());
        Assert.Equal(new[] { circle[17], circle[16], circle[15] }, watched.ToArray());
        Assert.Equal(19, PeerChoice.Neighbours(circle, circle[5].Id, 100).Watchers.Length);
        Assert.Empty(PeerChoice.Neighbours(circle[..1], circle[0].Id, 3).Watchers);
        Assert.Empty(PeerChoice.Neighbours(circle, A, 3).Watched);
    }

    [Fact]
    public void A_round_goes_to_a_reachable_peer_and_now_and_then_to_a_lost_one_besides()
    {
        var random = new Random(1);
        ImmutableArray<Member> peers = [.. Enumerable.Range(0, 10).Select(i => Node(new NodeId($"n{i}"), 1))];
        var rounds = Enumerable.Range(0, 1000).Select(_ => PeerChoice.OfRound(peers, n => n == peers[3].Id, random)).ToArray();
        Assert.All(rounds, r => Assert.NotEqual(peers[3], r.Peer));
        Assert.Equal(9, rounds.Select(r => r.Peer).Distinct().Count());
        Assert.InRange(rounds.Count(r => r.Lost == peers[3]), 50, 200);
        Assert.All(Enumerable.Range(0, 20), _ => Assert.NotNull(PeerChoice.OfRound(peers, _ => true, random).Lost));
        Assert.Equal((null, null), PeerChoice.OfRound([], _ => false, random));
    }

    [Fact]
    public void Chosen_peers_are_distinct_and_reachable()
    {
        var random = new Random(1);
        ImmutableArray<Member> peers = [.. Enumerable.Range(0, 10).Select(i => Node(new NodeId($"n{i}"), 1))];
        for (var i = 0; i < 100; i++)
        {
            var some = PeerChoice.Some(peers, 3, n => n == peers[0].Id, random);
            Assert.Equal(3, some.Distinct().Count());
            Assert.DoesNotContain(peers[0], some);
        }
        Assert.Equal(10, PeerChoice.Some(peers, 50, _ => false, random).Length);
    }

    [Fact]
    public void A_seed_is_asked_always_when_alone_and_rarely_otherwise()
    {
        var random = new Random(1);
        ImmutableArray<NodeAddress> seeds = [new("a", 1), new("b", 2)];
        Assert.Null(PeerChoice.Seed([], isAlone: true, random));
        Assert.All(Enumerable.Range(0, 20), _ => Assert.NotNull(PeerChoice.Seed(seeds, isAlone: true, random)));
        Assert.InRange(Enumerable.Range(0, 1000).Count(_ => PeerChoice.Seed(seeds, isAlone: false, random) is not null), 50, 200);
    }

    [Fact]
    public void A_new_incarnation_keeps_the_status_and_exceeds_every_known_one()
    {
        var now = Node(A, 1) with { Address = new NodeAddress("other", 1) };
        var reborn = now.After(Node(A, 7, MemberStatus.Leaving));
        Assert.Equal((8, MemberStatus.Leaving, "other"), (reborn.Incarnation, reborn.Status, reborn.Address.Host));
        Assert.Equal(reborn, Member.Later(reborn, Node(A, 7, MemberStatus.Leaving)));
    }

    private static Probe Begun(params NodeId[] helpers) => Probe.Begin(A, 1, nowMs: 0, timeoutMs: 100, helpers);

    private static Member Node(NodeId id, long incarnation, MemberStatus status = MemberStatus.Up) =>
        new(id, new NodeAddress("127.0.0.1", 7100), incarnation, status, "", 1);
}
