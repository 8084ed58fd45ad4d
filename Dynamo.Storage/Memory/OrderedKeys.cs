using Dynamo.Core.Ring;

namespace Dynamo.Storage.Memory;

/// <summary>
/// Keys in the order of a scan; adding, removing and finding a place take logarithmic time. Not thread-safe.
/// </summary>
internal sealed class OrderedKeys
{
    // Tokens are spread evenly, so their top bits divide the keys into trees small enough for quick inserts.
    private const int TopBits = 12;
    private readonly SortedSet<StorageKey>?[] _trees = new SortedSet<StorageKey>?[1 << TopBits];

    public int Count { get; private set; }

    public void Add(StorageKey key)
    {
        if ((_trees[TreeOf(key.Token)] ??= new SortedSet<StorageKey>(Order.Instance)).Add(key)) Count++;
    }

    public void Remove(StorageKey key)
    {
        var tree = TreeOf(key.Token);
        if (_trees[tree]?.Remove(key) != true) return;
        Count--;
        if (_trees[tree]!.Count == 0) _trees[tree] = null;
    }

    /// <summary>The keys from first to last token, after a key.</summary>
    public IEnumerable<StorageKey> Between(Token first, Token last, StorageKey? after)
    {
        var from = after is { } key && key.Token.CompareTo(first) >= 0 ? key : MinOf(first);
        for (var i = TreeOf(from.Token); i <= TreeOf(last); i++)
        {
            if (_trees[i] is not { } tree || StorageKey.Compare(from, tree.Max) > 0) continue;
            // A view is neither copied nor counted: the walk begins at its place.
            foreach (var next in tree.GetViewBetween(from, tree.Max))
            {
                if (next.Token.CompareTo(last) > 0) yield break;
                if (after is null || StorageKey.Compare(next, after.Value) > 0) yield return next;
            }
        }
    }

    private static int TreeOf(Token token) => (int)(token.Value >> (64 - TopBits));

    private static StorageKey MinOf(Token token) => StorageKey.FromEncoded([0, 0], token);

    private sealed class Order : IComparer<StorageKey>
    {
        public static readonly Order Instance = new();

        public int Compare(StorageKey x, StorageKey y) => StorageKey.Compare(x, y);
    }
}
