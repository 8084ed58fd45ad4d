using System.Collections.Immutable;
using Dynamo.Core.Buckets;
using Dynamo.Core.Quorum;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Tests.Quorum;

/// <summary>Section 4.5: R and W, counted as sets of participants.</summary>
public sealed class QuorumTests
{
    private static readonly ImmutableArray<Participant> Three = [new(new("a"), null), new(new("b"), null), new(new("c"), null)];

    [Fact]
    public void An_answer_that_comes_twice_counts_once()
    {
        var quorum = new RequestQuorum(Three, new Needed(2));
        quorum.Ack(0);
        quorum.Ack(0);
        Assert.Equal(Verdict.Pending, quorum.Verdict);
        quorum.Ack(2);
        Assert.Equal(Verdict.Met, quorum.Verdict);
    }

    [Fact]
    public void It_is_unreachable_as_soon_as_too_few_are_left()
    {
        var quorum = new RequestQuorum(Three, new Needed(2));
        quorum.Fail(0);
        Assert.Equal(Verdict.Pending, quorum.Verdict);
        quorum.Fail(1);
        Assert.Equal(Verdict.Unreachable, quorum.Verdict);
        Assert.Equal("0 of the 2 needed answered", quorum.Shortfall());
        quorum.Ack(1);
        Assert.Equal(0, quorum.AckCount);
    }

    [Fact]
    public void A_fallback_reopens_it_and_does_not_count_as_a_primary()
    {
        var quorum = new RequestQuorum(Three, new Needed(3, Primaries: 2));
        quorum.Fail(0);
        Assert.Equal(Verdict.Unreachable, quorum.Verdict);
        var place = quorum.Add(new Participant(new("d"), new("a")));
        Assert.Equal(Verdict.Pending, quorum.Verdict);
        quorum.Ack(place);
        quorum.Ack(1);
        Assert.Equal(Verdict.Pending, quorum.Verdict);
        quorum.Ack(2);
        Assert.Equal(Verdict.Met, quorum.Verdict);
    }

    [Fact]
    public void Synced_copies_are_counted_apart()
    {
        var quorum = new RequestQuorum(Three, new Needed(1, Synced: 2));
        quorum.Ack(0, isSynced: true);
        Assert.Equal(Verdict.Pending, quorum.Verdict);
        quorum.Ack(1, isSynced: false);
        quorum.Ack(2, isSynced: false);
        Assert.Equal(Verdict.Unreachable, quorum.Verdict);
    }

    [Theory]
    [InlineData(3, 4, 2, "r = 4 is not from 1 to 3")]
    [InlineData(3, 2, 0, "w = 0 is not from 1 to 3")]
    [InlineData(0, 1, 1, "n = 0 is not from 1 to 16")]
    public void Impossible_rules_are_refused_by_name(int n, int r, int w, string message) =>
        Assert.Equal(message, Assert.Throws<BadQuorumException>(() => new QuorumRules(n, r, w).Checked()).Message);
}
