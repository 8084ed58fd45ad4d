using Dynamo.Core.Versioning;

namespace Dynamo.Core.Tests.Versioning;

/// <summary>A set that is too large for one message travels in slices that merge into it again.</summary>
public sealed class SetSlicesTests
{
    private const int ValueBytes = 100;
    private const int RoomForTwo = 2 * (ValueBytes + VersionSet.SiblingBytes);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(9, 5)]
    public void A_slice_holds_as_many_siblings_as_fit(int siblings, int slices) =>
        Assert.Equal(slices, SetSlices.Of(Set(siblings), RoomForTwo).Count());

    [Fact]
    public void A_sibling_larger_than_the_bound_travels_alone() =>
        Assert.All(SetSlices.Of(Set(3), maxBytes: 1), slice => Assert.Single(slice.Siblings));

    [Fact]
    public void A_set_that_fits_is_its_own_slice()
    {
        var set = Set(2);
        Assert.Same(set, Assert.Single(SetSlices.Of(set, RoomForTwo)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Slices_in_any_order_and_twice_merge_into_the_set(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var set = History(random, random.Next(1, 40))[0];
            var slices = SetSlices.Of(set, random.Next(1, 400)).ToArray();
            random.Shuffle(slices);
            Assert.Equal(set, slices.Concat(slices).Aggregate(VersionSet.Empty, (merged, slice) => merged.Merge(slice)));
        }
    }

    /// <summary>A replica that has only some of the slices loses nothing that it held, and is completed by the rest.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Slices_merge_into_any_replica_as_the_set_does(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var replicas = History(random, random.Next(1, 40));
            var slices = SetSlices.Of(replicas[0], random.Next(1, 400)).ToArray();
            random.Shuffle(slices);
            var partly = slices.Take(random.Next(slices.Length + 1)).Aggregate(replicas[1], (merged, slice) => merged.Merge(slice));
            Assert.All(replicas[1].Siblings, held => Assert.True(partly.Siblings.Contains(held) || replicas[0].Clock.Covers(held.Dot)));
            Assert.Equal(replicas[1].Merge(replicas[0]), partly.Merge(replicas[0]));
            Assert.Equal(replicas[1].Merge(replicas[0]), slices.Aggregate(replicas[1], (merged, slice) => merged.Merge(slice)));
        }
    }

    [Fact]
    public void A_context_without_dots_claims_all_others()
    {
        var tenure = new Tenure(new StoreId(1), 1);
        var other = new Tenure(new StoreId(2), 1);
        var context = CausalContext.Of([new Dot(tenure, 6)], [new DotRun(other, 3, 5)]);
        var without = context.Without([new Dot(tenure, 1), new Dot(tenure, 4), new Dot(other, 4), new Dot(other, 9)]);
        Assert.Equal(CausalContext.Of([], [new DotRun(tenure, 2, 3), new DotRun(tenure, 5, 6), new DotRun(other, 3, 3), new DotRun(other, 5, 5)]), without);
    }

    private static VersionSet Set(int siblings)
    {
        var set = VersionSet.Empty;
        for (var i = 1; i <= siblings; i++)
            set = set.Put(new Write(CausalContext.Empty, new byte[ValueBytes], IsTombstone: false, WriteId: 0, TimestampMs: 0), new Dot(new Tenure(new StoreId(1), 1), i));
        return set;
    }

    // Three replicas after random puts, blind and not, and merges.
    private static VersionSet[] History(Random random, int steps)
    {
        var replicas = Enumerable.Repeat(Record.None, 3).ToArray();
        var sequences = new long[3];
        for (var step = 0; step < steps; step++)
        {
            var (at, from) = (random.Next(3), random.Next(3));
            var seen = random.Next(3) == 0 ? replicas[from].Versions.Clock : CausalContext.Empty;
            var write = new Write(seen, new byte[random.Next(120)], IsTombstone: random.Next(5) == 0, WriteId: 0, TimestampMs: 0);
            replicas[at] = random.Next(3) == 0
                ? replicas[at].Merge(replicas[from].Versions)
                : replicas[at].Put(write, new StoreId((ulong)at + 1), () => ++sequences[at], out _);
        }
        return [.. replicas.Select(r => r.Versions)];
    }
}
