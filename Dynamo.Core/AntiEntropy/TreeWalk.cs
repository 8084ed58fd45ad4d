using System.Collections.Immutable;
using Dynamo.Core.Ring;

namespace Dynamo.Core.AntiEntropy;

/// <summary>Counts of what one walk compared and what differed.</summary>
public record struct WalkFigures(int Partitions, int HashesCompared, int KeysCompared, int KeysDiffering);

/// <summary>
/// The walk of one exchange: from roots that differ down to leaves that differ, level by level, then to the keys in them.
/// <see cref="NextQuestion"/> returns the same question until it is answered.
/// </summary>
public sealed class TreeWalk(Forest forest)
{
    public const int NodesPerQuestion = 256;
    public const int LeavesPerQuestion = 64;
    private readonly Queue<int> _partitions = [];
    private readonly Queue<(int Level, ImmutableArray<int> Nodes)> _open = [];
    private int _partition;
    private WalkFigures _figures;

    public WalkFigures Figures => _figures;

    public void Begin(ImmutableArray<int> partitions)
    {
        foreach (var partition in partitions) _partitions.Enqueue(partition);
        _figures.Partitions = partitions.Length;
    }

    /// <returns>An <see cref="ExchangeEffect.AskHashes"/> or <see cref="ExchangeEffect.AskKeys"/>; null when the walk is over.</returns>
    public ExchangeEffect? NextQuestion()
    {
        if (_open.Count == 0)
        {
            if (!_partitions.TryDequeue(out _partition)) return null;
            _open.Enqueue((0, [0]));
        }
        var (level, nodes) = _open.Peek();
        return level == forest.Depth ? new ExchangeEffect.AskKeys(_partition, nodes) : new ExchangeEffect.AskHashes(_partition, level, nodes);
    }

    /// <summary>Takes the peer's hashes below the nodes of the last question; the walk goes on where ours differ.</summary>
    /// <returns>False when they do not answer that question: the peer may have lost its trees.</returns>
    public bool TryAnswer(ImmutableArray<ulong> hashes)
    {
        if (!_open.TryPeek(out var asked) || hashes.Length != asked.Nodes.Length * HashTree.Fanout) return false;
        var (level, nodes) = _open.Dequeue();
        var differing = ImmutableArray.CreateBuilder<int>();
        for (var i = 0; i < nodes.Length; i++)
        {
            var ours = forest.Children(_partition, level, nodes[i]);
            for (var child = 0; child < HashTree.Fanout; child++)
                if (ours[child] != hashes[(i * HashTree.Fanout) + child]) differing.Add((nodes[i] * HashTree.Fanout) + child);
        }
        _figures.HashesCompared += hashes.Length;
        var perQuestion = level + 1 == forest.Depth ? LeavesPerQuestion : NodesPerQuestion;
        foreach (var chunk in differing.Chunk(perQuestion)) _open.Enqueue((level + 1, [.. chunk]));
        return true;
    }

    /// <summary>Compares the keys in the leaves of the last question, with their digests, at the peer and here.</summary>
    /// <param name="leaves">The number of leaves that are answered, from the first; the others are asked for again.</param>
    /// <param name="isShared">Whether both nodes should hold the key: one of them may own no keys of a bucket with few replicas.</param>
    /// <returns>The keys that only one side has, or whose digests differ.</returns>
    public IReadOnlyList<StorageKey> Answer(
        IEnumerable<KeyValuePair<StorageKey, ulong>> theirs, IReadOnlyDictionary<StorageKey, ulong> ours, int leaves, Func<StorageKey, bool> isShared)
    {
        var (level, asked) = _open.Dequeue();
        if (leaves < asked.Length) _open.Enqueue((level, asked[leaves..]));
        var all = new Dictionary<StorageKey, ulong>();
        foreach (var (key, digest) in theirs) all[key] = digest;
        _figures.KeysCompared += all.Count + ours.Keys.Count(k => !all.ContainsKey(k));
        var differing = ours.Where(o => all.GetValueOrDefault(o.Key) != o.Value).Select(o => o.Key)
            .Concat(all.Keys.Where(k => !ours.ContainsKey(k))).Where(isShared).ToList();
        _figures.KeysDiffering += differing.Count;
        return differing;
    }
}
