using System.Collections.Immutable;
using Dynamo.Core.Ring;
using Dynamo.Core.Wire;

namespace Dynamo.Actors.Coordinator;

/// <summary>
/// The items that gather for one actor of one node, and those under way to it. What is ready at the same moment travels as one message, and while a message is
/// under way the next one gathers: the busier a node is, the larger its batches are, and the fewer messages an item costs. A lone item never waits.
/// </summary>
internal sealed class Lane<TItem>(NodeId node, LaneLimits limits, Func<TItem, int> sizeOf)
{
    private readonly List<TItem> _items = [];
    private readonly List<Purpose> _purposes = [];
    private int _itemsUnderWay;
    private int _batchesUnderWay;
    private TimeSpan _lastSent;

    /// <returns>False when the lane is full: the item was not taken.</returns>
    public bool TryAdd(TItem item, Purpose purpose)
    {
        if (_items.Count + _itemsUnderWay >= limits.Items) return false;
        _items.Add(item);
        _purposes.Add(purpose);
        return true;
    }

    /// <summary>Something waits, and may go: the window is open, or what is under way takes so long that it says nothing of the pace.</summary>
    public bool IsReady(TimeSpan now) => _items.Count > 0 && (_batchesUnderWay < limits.Window || now - _lastSent >= limits.MaxWait);

    /// <summary>Empties the lane into batches of bounded bytes (at least one item each).</summary>
    public void Drain(TimeSpan now, Action<Batch> send)
    {
        _lastSent = now;
        for (int start = 0, end; start < _items.Count; start = end)
        {
            end = ByteSlices.End(_items, start, limits.BatchBytes, sizeOf);
            send(new Batch(this, node, [.. _items[start..end]], [.. _purposes[start..end]]));
        }
        _items.Clear();
        _purposes.Clear();
    }

    /// <summary>
    /// Items that travel together. They take up room in their lane until <see cref="Complete"/>, which alone tells what they were for: whoever
    /// has use for the answers has given the room back.
    /// </summary>
    internal sealed class Batch
    {
        private readonly Lane<TItem> _lane;
        private Purpose[]? _purposes;

        public Batch(Lane<TItem> lane, NodeId node, ImmutableArray<TItem> items, Purpose[] purposes)
        {
            _lane = lane;
            Node = node;
            _purposes = purposes;
            Items = items;
            lane._itemsUnderWay += items.Length;
            lane._batchesUnderWay++;
        }

        public NodeId Node { get; }

        public ImmutableArray<TItem> Items { get; }

        /// <summary>The batch was answered, or will not be.</summary>
        /// <returns>What each item was for.</returns>
        /// <exception cref="InvalidOperationException">It was completed before.</exception>
        public Purpose[] Complete()
        {
            var purposes = _purposes ?? throw new InvalidOperationException($"a batch for node {Node} is completed a second time");
            _purposes = null;
            _lane._itemsUnderWay -= Items.Length;
            _lane._batchesUnderWay--;
            return purposes;
        }
    }
}

/// <param name="Items">That wait for one node or are under way to it.</param>
/// <param name="BatchBytes">After which a batch takes no more in.</param>
/// <param name="Window">Batches under way from which the next one waits.</param>
/// <param name="MaxWait">How long it waits for them.</param>
internal sealed record LaneLimits(int Items, int BatchBytes, int Window, TimeSpan MaxWait);

/// <summary>The lanes of one kind, by node.</summary>
/// <param name="send">Asks the node, and sees to it that the batch comes back to be completed, whatever becomes of it.</param>
internal sealed class Lanes<TItem>(LaneLimits limits, Func<TItem, int> sizeOf, Action<Lane<TItem>.Batch> send)
{
    private readonly Dictionary<NodeId, Lane<TItem>> _lanes = [];

    public bool TryAdd(NodeId node, TItem item, Purpose purpose)
    {
        if (!_lanes.TryGetValue(node, out var lane)) _lanes[node] = lane = new Lane<TItem>(node, limits, sizeOf);
        return lane.TryAdd(item, purpose);
    }

    /// <summary>Sends what gathered and may go.</summary>
    public void Flush(TimeSpan now)
    {
        foreach (var lane in _lanes.Values)
            if (lane.IsReady(now)) lane.Drain(now, send);
    }
}
