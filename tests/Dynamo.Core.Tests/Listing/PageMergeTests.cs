using Dynamo.Core.Listing;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Tests.Listing;

public sealed class PageMergeTests
{
    // In the order of their tokens.
    private static readonly StorageKey[] Keys = [.. Enumerable.Range(0, 6).Select(i => new StorageKey([0, (byte)('a' + i)], new Token((ulong)i)))];

    [Theory]
    [InlineData("a1 b2 end", "a1 b2 end", "a b end")]
    [InlineData("a1 b2 end", "a1 end", "a b? end")]
    [InlineData("a1 b2 end", "a1 b3 end", "a b? end")]
    [InlineData("a1 end", "a1† end", "a? end")]
    [InlineData("a1† end", "a1† end", "end")]
    [InlineData("a1† end", "end", "a? end")]
    [InlineData("a1 to c", "a1 b2 to f", "a b? to c")]
    [InlineData("a1 to c", "a1 d2 to f", "a to c")]
    [InlineData("to b", "a1 end", "a? to b")]
    [InlineData("to b", "to c", "to b")]
    [InlineData("end", "end", "end")]
    [InlineData("a1 b1 c1 d1 end", "a1 b1 c1 d1 end", "a b c to c")]
    [InlineData("a1 b1 c1 d1† end", "a1 b1 c1 d1† end", "a b c end")]
    public void Pages_of_two_replicas_make_one_of_at_most_three_keys(string one, string other, string merged)
    {
        Assert.Equal(merged, Shown(PageMerge.Of([Page(one), Page(other)], max: 3)));
        Assert.Equal(merged, Shown(PageMerge.Of([Page(other), Page(one)], max: 3)));
    }

    [Fact]
    public void Page_after_page_lists_each_key_once_whatever_the_pages_sizes() => Seeds.Run(200, random =>
    {
        var held = Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, 40).Where(_ => random.Next(4) > 0).ToArray()).ToArray();
        var listed = new List<int>();
        for (var after = -1; ;)
        {
            var merged = PageMerge.Of([.. held.Select(h => Next(h, after, random.Next(1, 8)))], random.Next(1, 6));
            listed.AddRange(merged.Keys.Select(k => (int)k.Key.Token.Value));
            if (merged.IsEnd) break;
            var next = (int)merged.ScannedTo!.Value.Token.Value;
            Assert.True(next > after, "the listing goes on");
            after = next;
        }
        Assert.Equal(held.SelectMany(h => h).Distinct().Order(), listed);
    });

    private static ReplicaPage Next(int[] held, int after, int max)
    {
        var keys = held.Where(k => k > after).Take(max).Select(k => new HeldKey(new StorageKey([0, (byte)k], new Token((ulong)k)), (ulong)k, true)).ToArray();
        return keys.Length < max ? new ReplicaPage([.. keys], null, IsEnd: true) : new ReplicaPage([.. keys], keys[^1].Key, IsEnd: false);
    }

    // Each key with its digest, † if it has no live value, then "end" or how far the replica looked.
    private static ReplicaPage Page(string text)
    {
        var words = text.Split(' ');
        var isEnd = words[^1] == "end";
        var keys = words[..(isEnd ? ^1 : ^2)].Select(w => new HeldKey(Keys[w[0] - 'a'], (ulong)(w[1] - '0'), !w.EndsWith('†')));
        return new ReplicaPage([.. keys], isEnd ? null : Keys[words[^1][0] - 'a'], isEnd);
    }

    private static string Shown(MergedPage page) => string.Join(
        ' ', page.Keys.Select(k => $"{Name(k.Key)}{(k.IsSure ? "" : "?")}").Append(page.IsEnd ? "end" : $"to {Name(page.ScannedTo!.Value)}"));

    private static char Name(StorageKey key) => (char)('a' + (int)key.Token.Value);
}
