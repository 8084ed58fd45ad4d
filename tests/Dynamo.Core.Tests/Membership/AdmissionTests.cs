using System.Collections.Immutable;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Tests.Membership;

/// <summary>The rules of whom a node gossips with.</summary>
public sealed class AdmissionTests
{
    private static readonly NodeId A = new("a");
    private static readonly NodeId B = new("b");
    private static readonly ClusterState Two = ClusterState.Empty.With(Of(A)).With(Of(B));
    private static readonly ImmutableArray<AgreedSetting> Settings = Pairs("dynamo.ring.partitions=256 dynamo.bucket.n=3 dynamo.bucket.r=2 dynamo.limits.value-bytes=100");
    private readonly Admission _admission = AdmissionOf("one");

    // ---- strangers

    [Theory]
    [InlineData("one", "secret", 2, null)]
    [InlineData("two", "secret", 2, Refusal.OtherCluster)]
    [InlineData("one", "another", 2, Refusal.OtherSecret)]
    [InlineData("two", "another", 2, Refusal.OtherCluster)]
    [InlineData("one", "secret", 1, Refusal.OtherProtocol)]
    [InlineData("one", "another", 1, Refusal.OtherProtocol)]
    [InlineData("one", "secret", 3, null)]
    public void A_peer_of_another_cluster_secret_or_an_old_protocol_is_refused(string cluster, string secret, int protocol, Refusal? refused) =>
        Assert.Equal(refused, _admission.WhyNot(Origin(B, cluster, secret, protocol: protocol), isAnswer: true, Two));

    [Fact]
    public void A_gone_node_is_refused_except_its_answer_in_a_round()
    {
        var left = Two.With(Of(B) with { Status = MemberStatus.Left });
        Assert.Equal(Refusal.Gone, _admission.WhyNot(Origin(B), isAnswer: false, left));
        Assert.Null(_admission.WhyNot(Origin(B), isAnswer: true, left));
    }

    // ---- seals

    [Fact]
    public void A_seal_is_the_same_for_the_same_secret_and_node_only()
    {
        var seal = new ClusterSeal(Bytes("secret"));
        Assert.Equal(seal.Of("one", A, 1), new ClusterSeal(Bytes("secret")).Of("one", A, 1));
        ulong[] others = [seal.Of("two", A, 1), seal.Of("one", B, 1), seal.Of("one", A, 2), new ClusterSeal(Bytes("another")).Of("one", A, 1), 0];
        Assert.DoesNotContain(seal.Of("one", A, 1), others);
        Assert.Equal(others.Length, others.Distinct().Count());
    }

    // ---- settings

    [Theory]
    [InlineData("dynamo.ring.partitions=256 dynamo.bucket.n=3 dynamo.bucket.r=2 dynamo.limits.value-bytes=100", "", "")]
    [InlineData("dynamo.ring.partitions=64", "dynamo.ring.partitions is 256 on a and 64 on b", "")]
    [InlineData("dynamo.bucket.n=2", "dynamo.bucket.n is 3 on a and 2 on b", "")]
    [InlineData("dynamo.bucket.r=1 dynamo.limits.value-bytes=9", "", "dynamo.bucket.r is 2 on a and 1 on b, dynamo.limits.value-bytes is 100 on a and 9 on b")]
    [InlineData("dynamo.bucket.n=2 dynamo.bucket.r=1", "dynamo.bucket.n is 3 on a and 2 on b", "dynamo.bucket.r is 2 on a and 1 on b")]
    [InlineData("", "", "")]
    [InlineData("dynamo.of-a-later-version=1", "", "")]
    public void Settings_that_differ_are_named_with_both_values(string theirs, string refused, string warned)
    {
        var differences = _admission.Compare(Origin(B), Pairs(theirs));
        Assert.Equal(refused, Agreement.InWords(differences.Where(d => d.IsRefused), A, B));
        Assert.Equal(warned, Agreement.InWords(differences.Where(d => !d.IsRefused), A, B));
        Assert.Equal(refused.Length > 0 ? Refusal.OtherSettings : null, _admission.WhyNot(Origin(B), isAnswer: true, Two));
    }

    [Fact]
    public void A_peer_is_admitted_again_with_the_next_incarnation_or_equal_settings()
    {
        _admission.Compare(Origin(B), Pairs("dynamo.bucket.n=2"));
        Assert.Equal(Refusal.OtherSettings, _admission.WhyNot(Origin(B), isAnswer: false, Two));
        Assert.Null(_admission.WhyNot(Origin(B, incarnation: 2), isAnswer: false, Two));
        _admission.Compare(Origin(B), Pairs("dynamo.bucket.n=3"));
        Assert.Null(_admission.WhyNot(Origin(B), isAnswer: false, Two));
    }

    // ---- being refused

    [Fact]
    public void A_node_ends_after_five_refusals_with_no_gossip_in_between()
    {
        for (var i = 0; i < 4; i++) Assert.False(_admission.Refused(Refusal.Gone, MemberStatus.Up));
        _admission.Heard();
        for (var i = 0; i < 4; i++) Assert.False(_admission.Refused(Refusal.Gone, MemberStatus.Up));
        Assert.False(_admission.Refused(Refusal.OtherCluster, MemberStatus.Up));
        Assert.True(_admission.Refused(Refusal.Gone, MemberStatus.Up));
        Assert.False(_admission.Refused(Refusal.Gone, MemberStatus.Up));
    }

    [Fact]
    public void A_node_that_has_left_ends_at_the_first_refusal() => Assert.True(_admission.Refused(Refusal.Gone, MemberStatus.Left));

    [Theory]
    [InlineData(NameClaim.Begun, 9, NameClaim.Member, 1, true)] // Members gossip with the other one: it stays, whatever its incarnation.
    [InlineData(NameClaim.Alone, 9, NameClaim.Member, 1, true)]
    [InlineData(NameClaim.Begun, 9, NameClaim.Alone, 1, true)] // The only node of its cluster, and one that has just begun.
    [InlineData(NameClaim.Member, 1, NameClaim.Begun, 9, false)]
    [InlineData(NameClaim.Member, 5, NameClaim.Member, 6, true)] // Both are members, as after a cut: the later incarnation stays.
    [InlineData(NameClaim.Member, 6, NameClaim.Member, 5, false)]
    [InlineData(NameClaim.Begun, 5, NameClaim.Begun, 6, true)]
    [InlineData(NameClaim.Member, 5, NameClaim.Member, 5, true)] // The address decides.
    public void Of_two_live_nodes_with_one_name_exactly_one_goes(NameClaim claim, long incarnation, NameClaim othersClaim, long othersIncarnation, bool goes)
    {
        var (own, other) = (Of(A) with { Incarnation = incarnation }, Of(A) with { Incarnation = othersIncarnation, Address = new NodeAddress("z", 1) });
        Assert.Equal(goes, AdmissionOf("one", claim).Refused(new NameHolder(other.Address, othersIncarnation, othersClaim), own));
        Assert.Equal(!goes, AdmissionOf("one", othersClaim).Refused(new NameHolder(own.Address, incarnation, claim), other));
    }

    [Fact]
    public void A_claim_to_a_name_begins_when_the_node_does_and_is_best_once_a_peer_answered()
    {
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(NameClaim.Begun, _admission.Claim);
            _admission.RoundBegan();
        }
        Assert.Equal(NameClaim.Alone, _admission.Claim);
        _admission.Answered();
        Assert.Equal(NameClaim.Member, _admission.Claim);
    }

    private static Admission AdmissionOf(string cluster, NameClaim claim = NameClaim.Begun)
    {
        var admission = new Admission(cluster, new ClusterSeal(Bytes("secret")), Settings);
        for (var i = 0; i < 10 && claim == NameClaim.Alone; i++) admission.RoundBegan();
        if (claim == NameClaim.Member) admission.Answered();
        return admission;
    }

    private static Origin Origin(NodeId node, string cluster = "one", string secret = "secret", long incarnation = 1, int protocol = NodeProtocol.Current) =>
        new(cluster, node, incarnation, protocol, new ClusterSeal(Bytes(secret)).Of(cluster, node, incarnation));

    private static ImmutableArray<byte> Bytes(string text) => [.. System.Text.Encoding.UTF8.GetBytes(text)];

    private static ImmutableArray<AgreedSetting> Pairs(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=')).Select(p => new AgreedSetting(p[0], p[1]))];

    private static Member Of(NodeId id) => new(id, new NodeAddress(id.Name, 1), 1, MemberStatus.Up, "", 1);
}
