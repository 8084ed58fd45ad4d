using Dynamo.Core.Ring;
using Dynamo.Core.Tombstones;

namespace Dynamo.Core.Tests.Tombstones;

public sealed class CandidatesTests
{
    private static readonly StorageKey A = StorageKey.Of("a");
    private static readonly StorageKey B = StorageKey.Of("b");
    private static readonly StorageKey C = StorageKey.Of("c");
    private readonly Candidates _candidates = new(max: 2);

    [Fact]
    public void A_tombstones_age_counts_since_it_was_first_seen_unchanged()
    {
        Assert.Equal(Second(1), _candidates.Met(A, 7, Second(1)));
        Assert.Equal(Second(1), _candidates.Met(A, 7, Second(2)));
        Assert.Equal(Second(3), _candidates.Met(A, 8, Second(3)));
        Assert.Equal(Second(3), _candidates.Met(A, 8, Second(4)));
    }

    [Fact]
    public void Candidates_beyond_the_limit_wait_until_another_is_removed()
    {
        foreach (var key in new[] { A, B, C }) _candidates.Met(key, 1, Second(1));
        Assert.Equal(Second(2), _candidates.Met(C, 1, Second(2)));
        _candidates.Remove(A);
        Assert.Equal(Second(3), _candidates.Met(C, 1, Second(3)));
        Assert.Equal(Second(3), _candidates.Met(C, 1, Second(4)));
        Assert.Equal(2, _candidates.Count);
    }

    [Fact]
    public void A_candidate_that_a_whole_pass_did_not_see_is_forgotten()
    {
        _candidates.Met(A, 1, Second(1));
        _candidates.Met(B, 1, Second(1));
        _candidates.EndPass();
        _candidates.Met(B, 1, Second(2));
        _candidates.EndPass();
        Assert.Equal(1, _candidates.Count);
        Assert.Equal(Second(1), _candidates.Met(B, 1, Second(3)));
        Assert.Equal(Second(4), _candidates.Met(A, 1, Second(4)));
    }

    private static TimeSpan Second(int number) => TimeSpan.FromSeconds(number);
}
