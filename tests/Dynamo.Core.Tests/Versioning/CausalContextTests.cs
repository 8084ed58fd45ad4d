using Dynamo.Core.Versioning;

namespace Dynamo.Core.Tests.Versioning;

public sealed class CausalContextTests
{
    private static readonly Tenure A = new(new StoreId(1), 5), B = new(new StoreId(2), 9);

    [Fact]
    public void Dots_in_sequence_fold_into_the_vector_and_others_do_not()
    {
        var context = CausalContext.Empty.With(new Dot(A, 1)).With(new Dot(A, 2)).With(new Dot(A, 4)).With(new Dot(B, 2));
        Assert.Equal([new Dot(A, 2)], context.Vector.ToArray());
        Assert.Equal([new DotRun(A, 4, 4), new DotRun(B, 2, 2)], context.Cloud.ToArray());
        Assert.False(context.Covers(new Dot(A, 3)));
        Assert.Equal([new Dot(A, 4)], context.With(new Dot(A, 3)).Vector.ToArray());
    }

    [Fact]
    public void Join_is_the_union_of_two_sets_of_dots() => Seeds.Run(1000, random =>
    {
        var (x, xs) = Some(random);
        var (y, ys) = Some(random);
        var join = x.Join(y);
        for (var t = 0; t < 2; t++)
            for (var n = 1; n <= 8; n++)
            {
                var dot = new Dot(t == 0 ? A : B, n);
                Assert.Equal(xs.Contains(dot) || ys.Contains(dot), join.Covers(dot));
            }
        Assert.Equal(join, y.Join(x));
        Assert.True(join.Covers(x));
        Assert.Equal(xs.IsSupersetOf(ys), x.Covers(y));
    });

    [Fact]
    public void Without_removes_one_dot_and_nothing_else() => Seeds.Run(1000, random =>
    {
        var (x, xs) = Some(random);
        var gone = new Dot(random.Next(2) == 0 ? A : B, random.Next(1, 8));
        var left = x.Without(gone);
        Assert.False(left.Covers(gone));
        foreach (var dot in xs) Assert.Equal(dot != gone, left.Covers(dot));
        Assert.Equal(xs.Contains(gone) ? x : left, left.Equals(x) ? x : left.With(gone));
        Assert.Equal(xs.Count - (xs.Contains(gone) ? 1 : 0), left.Vector.Sum(v => v.Count) + left.Cloud.Sum(r => r.Last - r.First + 1));
    });

    [Fact]
    public void A_long_run_takes_no_more_space_than_a_short_one()
    {
        var context = CausalContext.Of([], [new DotRun(A, 2, 1_000_000), new DotRun(A, 1_000_001, 2_000_000), new DotRun(A, 3_000_000, 3_000_000)]);
        Assert.Equal(2, context.Cloud.Length);
        Assert.True(context.Covers(new DotRun(A, 5, 1_999_999)));
        Assert.False(context.Covers(new DotRun(A, 1, 5)));
        Assert.Equal(3_000_000, Assert.Single(context.Join(CausalContext.Of([], [new DotRun(A, 1, 1), new DotRun(A, 2_000_000, 2_999_999)])).Vector).Count);
    }

    private static (CausalContext Context, HashSet<Dot> Dots) Some(Random random)
    {
        var dots = Enumerable.Range(0, random.Next(8)).Select(_ => new Dot(random.Next(2) == 0 ? A : B, random.Next(1, 8))).ToHashSet();
        return (dots.Aggregate(CausalContext.Empty, (c, d) => c.With(d)), dots);
    }
}
