using Dynamo.Actors.Storage;
using Dynamo.Core.Buckets;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.Storage;

public class HintsUnderWayTests
{
    private readonly HintsUnderWay _underWay = new();

    [Fact]
    public void A_key_is_in_progress_until_all_its_hints_are_stored()
    {
        var (first, second) = (Hints("a", "b"), Hints("a", "a"));
        _underWay.Add(first);
        _underWay.Add(second);
        Assert.Equal(4, _underWay.Count);
        Assert.Equal(StoreBatches.BytesOf(first) + StoreBatches.BytesOf(second), _underWay.Bytes);

        _underWay.Remove(first);
        Assert.True(_underWay.Has(StorageKey.Of("a")));
        Assert.False(_underWay.Has(StorageKey.Of("b")));

        _underWay.Remove(second);
        Assert.False(_underWay.Has(StorageKey.Of("a")));
        Assert.Equal((0, 0L), (_underWay.Count, _underWay.Bytes));
    }

    private static Mutation[] Hints(params string[] keys) =>
        [.. keys.Select(k => new MergeIn(new RecordKey(StorageKey.Of(k), Given.N2), Given.Value("apple", 1), ConflictMode.Siblings))];
}
