using System.Text;
using Dynamo.Core.Buckets;
using Dynamo.Core.Quorum;
using Dynamo.Core.Requests;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;

namespace Dynamo.Core.Tests.Requests;

/// <summary>Rules that the cases do not show: the contents of an outcome, the deadline, repeated writes.</summary>
public sealed class RequestTests
{
    private static readonly StorageKey Key = StorageKey.Of("k");

    [Theory]
    [InlineData(5, 3600, 5)]
    [InlineData(5, 6, 3)]
    [InlineData(5, 10, 5)]
    public void A_request_ends_before_a_tombstone_is_reaped(int timeoutSeconds, int graceSeconds, int afterSeconds) => Assert.Equal(
        TimeSpan.FromSeconds(100 + afterSeconds),
        Coordination.DeadlineOf(TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(timeoutSeconds), TimeSpan.FromSeconds(graceSeconds)));

    [Fact]
    public void A_writer_has_seen_its_own_write_and_its_context_and_not_their_siblings()
    {
        var around = new Surroundings();
        around.Change(["ring", "n1", "n2", "n3"]);
        around.Change(["quorum", "W=1"]);
        var (apple, pear) = (Notation.Set("apple"), Notation.Set("pear"));
        var stored = apple.Merge(pear).Put(new Write(apple.Clock, "plum"u8.ToArray(), false, 0, 0), Notation.Set("plum").Siblings[0].Dot);
        var put = new PutCoordination(Key, around.Rules, apple.Clock, TimeSpan.FromSeconds(10), around.View);
        var effects = new List<Effect>();
        put.Minted(
            new Applied(new RecordKey(Key), Record.None, new Record(0, stored), Notation.Set("plum").Siblings[0].Dot),
            isSynced: true, BucketOptions.Default, around.View, effects);

        Assert.Same(stored, put.Stored);
        var seen = Assert.IsType<Outcome.Stored>(Assert.IsType<Effect.Reply>(effects[^1]).Outcome).Seen;
        Assert.True(seen.Covers(Notation.Set("plum").Siblings[0].Dot));
        Assert.True(seen.Covers(apple.Clock));
        Assert.False(seen.Covers(pear.Siblings[0].Dot));
    }

    [Fact]
    public void A_get_finds_values_without_tombstones_and_one_write_with_two_dots_once()
    {
        Assert.Equal(["apple"], Values((1, "apple", 0, false)));
        Assert.Equal(["apple", "apple"], Values((1, "apple", 0, false), (2, "apple", 0, false)));
        Assert.Equal(["apple", "pear"], Values((1, "apple", 7, false), (2, "apple", 7, false), (3, "pear", 8, false)));
        Assert.Equal(["pear"], Values((1, "", 7, true), (2, "pear", 8, false)));
        Assert.Empty(Values((1, "", 0, true)));
        Assert.Empty(Values());
    }

    [Fact]
    public void Only_outcomes_that_the_replicas_decided_are_measured()
    {
        Outcome[] measured = [new Outcome.Found(VersionSet.Empty, 1), new Outcome.Stored(CausalContext.Empty, 1, []), new Outcome.NotMet("", 1, 0)];
        Assert.All(measured, o => Assert.True(o is { IsMeasured: true, IsRefusal: false }));
        Outcome[] refusals = [Outcome.NoRoom.Instance, Outcome.NoReplica.Instance];
        Assert.All(refusals, o => Assert.True(o is { IsMeasured: false, IsRefusal: true }));
        Outcome[] others = [new Outcome.OwnStoreLate("", 1, 0), new Outcome.NotStored(""), new Outcome.TooLarge(1, 1)];
        Assert.All(others, o => Assert.True(o is { IsMeasured: false, IsRefusal: false }));
    }

    [Fact]
    public void A_begun_write_is_repeated_by_any_attempt_and_a_refused_one_only_by_the_same()
    {
        var writes = new RecentWrites();
        writes.Begun(7);
        writes.Refused(8, request: 1);
        Assert.True(writes.IsRepeated(7, request: 1));
        Assert.True(writes.IsRepeated(7, request: 2));
        Assert.True(writes.IsRepeated(8, request: 1));
        Assert.False(writes.IsRepeated(8, request: 2));
        Assert.False(writes.IsRepeated(9, request: 1));
    }

    [Fact]
    public void Writes_without_an_id_are_never_repeats_and_old_ids_are_forgotten()
    {
        var writes = new RecentWrites();
        writes.Begun(0);
        Assert.False(writes.IsRepeated(0, request: 0));
        for (var id = 1UL; id <= RecentWrites.MaxIds + 1; id++) writes.Begun(id);
        Assert.False(writes.IsRepeated(1, request: 0));
        Assert.True(writes.IsRepeated(2, request: 0));
    }

    private static IEnumerable<string> Values(params (ulong Store, string Value, ulong WriteId, bool IsTombstone)[] siblings)
    {
        var set = new VersionSet(
            CausalContext.Empty,
            [.. siblings.Select(s => new Sibling(new Dot(new Tenure(new StoreId(s.Store), 1), 1), Encoding.UTF8.GetBytes(s.Value), s.IsTombstone, s.WriteId, 0))]);
        return new Outcome.Found(set, 2).Values(nowMs: 0).Select(v => Encoding.UTF8.GetString(v.Span));
    }
}
