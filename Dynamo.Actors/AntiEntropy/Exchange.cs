using System.Collections.Immutable;
using Akka.Actor;
using Dynamo.Core.AntiEntropy;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Actors.AntiEntropy;

/// <summary>What one exchange with one peer did.</summary>
internal record struct ExchangeFigures(int Partitions, int HashesCompared, int KeysCompared, int KeysDiffering, long BytesMoved);

/// <summary>
/// The walk of one exchange: from roots that differ down to leaves that differ, level by level, then to the keys in them. It holds no actor
/// state and asks nothing itself: the actor asks <see cref="NextQuestion"/> and hands in the answer.
/// </summary>
internal sealed class Exchange(NodeId peer, NodeAddressed actors, Forest forest, (Reconcile Question, IActorRef By)? asked = null)
{
    public const int NodesPerQuestion = 256;
    public const int LeavesPerQuestion = 64;
    private readonly Queue<int> _partitions = [];
    private readonly Queue<(int Level, ImmutableArray<int> Nodes)> _open = [];
    private int _partition;
    private ExchangeFigures _figures;

    public NodeId Peer { get; } = peer;

    public NodeAddressed Actors { get; } = actors;

    /// <summary>Who wants to know how it ends; null for a round of its own.</summary>
    public (Reconcile Question, IActorRef By)? Asked { get; } = asked;

    public ExchangeFigures Figures => _figures;

    /// <summary>Keys that could not be moved even alone.</summary>
    public int MovesFailed { get; set; }

    public void Differ(ImmutableArray<int> partitions)
    {
        foreach (var partition in partitions) _partitions.Enqueue(partition);
        _figures.Partitions = partitions.Length;
    }

    /// <returns>A <see cref="TreeNodes"/> or <see cref="LeafKeys"/> to ask the peer; null when the walk is over.</returns>
    public IWireMessage? NextQuestion()
    {
        if (_open.Count == 0)
        {
            if (!_partitions.TryDequeue(out _partition)) return null;
            _open.Enqueue((0, [0]));
        }
        var (level, nodes) = _open.Peek();
        return level == forest.Depth ? new LeafKeys(_partition, nodes) : new TreeNodes(_partition, level, nodes);
    }

    /// <summary>The peer's hashes below the nodes of the last question: where ours differ the walk goes on.</summary>
    /// <returns>Whether it answers that question: not if the peer has lost its trees meanwhile.</returns>
    public bool TryAnswer(TreeHashes answer)
    {
        if (!_open.TryPeek(out var asked) || answer.Hashes.Length != asked.Nodes.Length * HashTree.Fanout) return false;
        var (level, nodes) = _open.Dequeue();
        var differing = ImmutableArray.CreateBuilder<int>();
        for (var i = 0; i < nodes.Length; i++)
        {
            var ours = forest.Children(_partition, level, nodes[i]);
            for (var child = 0; child < HashTree.Fanout; child++)
                if (ours[child] != answer.Hashes[(i * HashTree.Fanout) + child]) differing.Add((nodes[i] * HashTree.Fanout) + child);
        }
        _figures.HashesCompared += answer.Hashes.Length;
        var perQuestion = level + 1 == forest.Depth ? LeavesPerQuestion : NodesPerQuestion;
        foreach (var chunk in differing.Chunk(perQuestion)) _open.Enqueue((level + 1, [.. chunk]));
        return true;
    }

    /// <summary>The peer's keys in the leaves of the last question.</summary>
    /// <param name="isShared">Whether both nodes should hold the key: of a bucket with fewer replicas than others one may be none of its owners.</param>
    /// <returns>The keys that one side has and the other has not, or has otherwise.</returns>
    public IReadOnlyList<StorageKey> Answer(KeyDigests theirs, IReadOnlyDictionary<StorageKey, ulong> ours, Func<StorageKey, bool> isShared)
    {
        _open.Dequeue();
        var all = new Dictionary<StorageKey, ulong>();
        foreach (var (key, digest) in theirs.Keys) all[key] = digest;
        _figures.KeysCompared += all.Count + ours.Keys.Count(k => !all.ContainsKey(k));
        var differing = ours.Where(o => all.GetValueOrDefault(o.Key) != o.Value).Select(o => o.Key)
            .Concat(all.Keys.Where(k => !ours.ContainsKey(k))).Where(isShared).ToList();
        _figures.KeysDiffering += differing.Count;
        return differing;
    }

    public void Moved(long bytes) => _figures.BytesMoved += bytes;
}

/// <summary>The peer's actors that an exchange talks to.</summary>
internal sealed record NodeAddressed(IActorRef AntiEntropy, IActorRef Replica);
