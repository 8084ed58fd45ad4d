using System.Collections.Immutable;
using Dynamo.Core.AntiEntropy;
using Dynamo.Core.Ring;
using Dynamo.Core.Tests.Requests;
using Dynamo.Core.Versioning;

namespace Dynamo.Core.Tests.AntiEntropy;

/// <summary>Section 4.7. Cases/exchange.txt: every rule of an exchange, as events and the effects that follow.</summary>
public sealed class ExchangeTests
{
    private static readonly string[] Sets = ["none", "apple", "pear", "apple+pear", "apple>plum"];
    private readonly TwoNodes _nodes = new();

    public static TheoryData<string> Cases => [.. Case.Read("exchange.txt").Select(c => c.Title)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_exchange(string title) => Case.Read("exchange.txt").Single(c => c.Title == title).Run(_nodes.Change, _nodes.Happen);

    [Fact]
    public void Both_nodes_end_with_the_merge_of_each_key_unless_it_was_skipped_or_the_exchange_failed() => Seeds.Run(100, random =>
    {
        var nodes = new TwoNodes();
        nodes.Change(["limit", $"{random.Next(1, 5)}", "keys"]);
        var keys = Enumerable.Range(0, 12).Select(_ => $"3.{random.Next(3)}.{random.Next(3)}{"abcde"[random.Next(5)]}").Distinct().ToArray();
        foreach (var key in keys)
        {
            if (Drawn(random) is { } here) nodes.Change(["here", $"{key}={here}"]);
            if (Drawn(random) is { } there) nodes.Change(["there", $"{key}={there}"]);
        }
        var joins = keys.Select(TwoNodes.Key).ToDictionary(k => k, k => Held(nodes.Here, k).Merge(Held(nodes.There, k)));

        nodes.Happen(["begun"]);
        while (nodes.Last is not ExchangeEffect.Close) nodes.Happen(Answer(nodes.Last!, random));

        if (nodes.Last is ExchangeEffect.Close { Failure: not null }) return;
        Assert.InRange(nodes.PassedOver.Count, 0, 3);
        foreach (var (key, join) in joins.Where(j => !nodes.PassedOver.Contains(j.Key)))
        {
            Assert.Equal(join, Held(nodes.Here, key));
            Assert.Equal(join, Held(nodes.There, key));
        }
    });

    [Fact]
    public void A_request_names_no_more_nodes_and_leaves_than_a_peer_answers()
    {
        // An empty tree of 16^4 leaves, and a peer whose every hash differs.
        var forest = new Forest(16);
        var walk = new TreeWalk(forest);
        walk.Begin([0]);
        var (hashes, leaves) = (new List<int>(), new List<int>());
        while (walk.NextQuestion() is { } question)
        {
            if (question is ExchangeEffect.AskHashes asked)
            {
                hashes.Add(asked.Nodes.Length);
                Assert.True(walk.TryAnswer([.. Enumerable.Repeat(9UL, asked.Nodes.Length * HashTree.Fanout)]));
            }
            else
            {
                leaves.Add(((ExchangeEffect.AskKeys)question).Leaves.Length);
                walk.Answer([], new Dictionary<StorageKey, ulong>(), leaves[^1], _ => true);
            }
        }
        Assert.Equal(TreeWalk.NodesPerQuestion, hashes.Max());
        Assert.All(leaves, asked => Assert.Equal(TreeWalk.LeavesPerQuestion, asked));
        Assert.Equal(1 << (4 * forest.Depth), leaves.Sum());
    }

    [Fact]
    public void Compared_and_differing_keys_are_counted()
    {
        var keys = new[] { "3.5.7", "3.5.7b", "3.5.7c" }.Select(TwoNodes.Key).ToArray();
        var walk = new TreeWalk(new Forest(4096));
        walk.Begin([3]);
        Assert.True(walk.TryAnswer(Differing(walk, 5)));
        Assert.True(walk.TryAnswer(Differing(walk, 7)));
        Assert.IsType<ExchangeEffect.AskKeys>(walk.NextQuestion());
        var differing = walk.Answer(
            [new(keys[0], 1), new(keys[1], 2), new(keys[2], 3)], new Dictionary<StorageKey, ulong> { [keys[0]] = 4, [keys[1]] = 2 }, leaves: 1, _ => true);
        Assert.Equal([keys[0], keys[2]], differing.ToArray());
        Assert.Equal(new WalkFigures(1, 32, 3, 2), walk.Figures);
    }

    [Fact]
    public void Leaves_that_did_not_fit_the_answer_are_asked_for_again()
    {
        var walk = new TreeWalk(new Forest(4096));
        walk.Begin([3]);
        Assert.True(walk.TryAnswer(Differing(walk, 5)));
        Assert.IsType<ExchangeEffect.AskHashes>(walk.NextQuestion());
        Assert.True(walk.TryAnswer([.. Enumerable.Repeat(9UL, HashTree.Fanout)]));
        var asked = Assert.IsType<ExchangeEffect.AskKeys>(walk.NextQuestion());
        Assert.Equal(HashTree.Fanout, asked.Leaves.Length);
        walk.Answer([], new Dictionary<StorageKey, ulong>(), leaves: 10, _ => true);
        Assert.Equal(asked.Leaves[10..].ToArray(), Assert.IsType<ExchangeEffect.AskKeys>(walk.NextQuestion()).Leaves.ToArray());
        walk.Answer([], new Dictionary<StorageKey, ulong>(), leaves: 6, _ => true);
        Assert.Null(walk.NextQuestion());
    }

    // Sixteen hashes, one of which differs from those of an empty tree.
    private static ImmutableArray<ulong> Differing(TreeWalk walk, int at)
    {
        Assert.IsType<ExchangeEffect.AskHashes>(walk.NextQuestion());
        return [.. Enumerable.Range(0, HashTree.Fanout).Select(child => child == at ? 9UL : 0)];
    }

    private static string[] Answer(ExchangeEffect question, Random random) => question switch
    {
        ExchangeEffect.AskRoots => ["roots"],
        ExchangeEffect.AskHashes => ["hashes"],
        ExchangeEffect.AskKeys => ["keys"],
        _ when random.Next(6) == 0 => ["fails"],
        ExchangeEffect.Pull pull when pull.Keys.Length > 1 && random.Next(4) == 0 => ["sets", "but", pull.Keys[random.Next(1, pull.Keys.Length)].ToString(), "large"],
        ExchangeEffect.Pull => ["sets"],
        _ => ["moved"],
    };

    private static string? Drawn(Random random)
    {
        var set = Sets[random.Next(Sets.Length)];
        return set == "none" ? null : set;
    }

    private static VersionSet Held(SortedDictionary<StorageKey, VersionSet> at, StorageKey key) => at.GetValueOrDefault(key, VersionSet.Empty);
}
