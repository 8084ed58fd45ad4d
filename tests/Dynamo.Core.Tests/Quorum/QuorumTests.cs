using System.Collections.Immutable;
using Dynamo.Core.Buckets;
using Dynamo.Core.Quorum;
using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;

namespace Dynamo.Core.Tests.Quorum;

/// <summary>Section 4.5: R and W, counted as sets of participants.</summary>
public sealed class QuorumTests
{
    private static readonly ImmutableArray<Participant> Three = [new(new("a"), null), new(new("b"), null), new(new("c"), null)];
    private static readonly StorageKey Key = StorageKey.Of("k");

    [Fact]
    public void An_answer_that_comes_twice_counts_once()
    {
        var quorum = new RequestQuorum(Three, needed: 2);
        quorum.Ack(0);
        quorum.Ack(0);
        Assert.Equal(Verdict.Pending, quorum.Verdict);
        quorum.Ack(2);
        Assert.Equal(Verdict.Met, quorum.Verdict);
    }

    [Fact]
    public void It_is_unreachable_as_soon_as_too_few_are_left()
    {
        var quorum = new RequestQuorum(Three, needed: 2);
        quorum.Fail(0);
        Assert.Equal(Verdict.Pending, quorum.Verdict);
        quorum.Fail(1);
        Assert.Equal(Verdict.Unreachable, quorum.Verdict);
        Assert.Equal("0 of the 2 needed answered", quorum.Shortfall());
        quorum.Ack(1);
        Assert.Equal(0, quorum.AckCount);
    }

    [Fact]
    public void A_stand_in_reopens_it_and_does_not_count_as_a_primary()
    {
        var quorum = new RequestQuorum(Three, needed: 3, neededPrimaries: 2);
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
        var quorum = new RequestQuorum(Three, needed: 1, neededSynced: 2);
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
    public void Rules_that_cannot_be_are_refused_by_name(int n, int r, int w, string message) =>
        Assert.Equal(message, Assert.Throws<BadQuorumException>(() => new QuorumRules(n, r, w).Checked()).Message);

    [Fact]
    public void A_read_is_answered_by_equal_digests_and_fetches_where_they_differ()
    {
        var (old, young) = Sets();
        var read = new ReadOperation(Key, Three, r: 2, pr: 0);
        Assert.Empty(read.Answer(1, VersionCodec.Digest(Key, old)));
        Assert.Equal(0, read.Quorum.AckCount);

        Assert.Equal([1], read.Answer(0, young));
        Assert.Equal(1, read.Quorum.AckCount);
        Assert.Empty(read.Answer(2, VersionCodec.Digest(Key, young)));
        Assert.Equal(Verdict.Met, read.Quorum.Verdict);

        Assert.Empty(read.Answer(1, old));
        Assert.True(read.Quorum.IsComplete);
        Assert.Equal(young, read.Merged);
        Assert.Equal([Three[1]], read.Stale());
    }

    [Fact]
    public void A_read_whose_first_replica_fails_fetches_whole_sets_from_the_others()
    {
        var (_, young) = Sets();
        var read = new ReadOperation(Key, Three, r: 2, pr: 0);
        read.Answer(1, VersionCodec.Digest(Key, young));
        Assert.Equal([1], read.Fail(0));
        Assert.Equal([2], read.Answer(2, VersionCodec.Digest(Key, VersionSet.Empty)));
        read.Answer(1, young);
        Assert.Equal(Verdict.Pending, read.Quorum.Verdict);
        read.Answer(2, VersionSet.Empty);
        Assert.Equal(Verdict.Met, read.Quorum.Verdict);
        Assert.Equal([Three[2]], read.Stale());
    }

    [Fact]
    public void A_write_counts_its_coordinator_first_and_tells_who_took_it()
    {
        var (old, _) = Sets();
        var write = new WriteOperation(Three, new QuorumRules(3, 2, 2));
        write.Coordinated(old, old.Siblings[0].Dot, CausalContext.Empty, synced: true);
        write.Ack(2, synced: false);
        write.Ack(2, synced: false);
        Assert.Equal(Verdict.Met, write.Quorum.Verdict);
        Assert.Equal([new Taken(Three[0], true), new Taken(Three[2], false)], write.Taken);
        Assert.True(write.Seen.Covers(old.Siblings[0].Dot));
    }

    private static (VersionSet Old, VersionSet Young) Sets()
    {
        var sequence = 0L;
        var old = Record.None.Put(new Write(CausalContext.Empty, new byte[] { 1 }, false, 1, 0), new StoreId(1), () => ++sequence, out _);
        var young = old.Put(new Write(old.Versions.Clock, new byte[] { 2 }, false, 2, 0), new StoreId(1), () => ++sequence, out _);
        return (old.Versions, young.Versions);
    }
}
