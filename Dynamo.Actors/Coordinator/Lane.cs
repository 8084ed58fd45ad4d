using System.Collections.Immutable;
using Dynamo.Core.Ring;
using Dynamo.Core.Wire;

namespace Dynamo.Actors.Coordinator;

/// <summary>
/// The items queued for one actor of one node, and those in flight to it. Items that are ready at the same moment share one message, and the next batch
/// fills while earlier ones are in flight: the busier a node is, the larger its batches, and the fewer messages per item. A lone item never waits.
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

    /// <summary>True when items may be sent: the window is open, or the batches in flight take so long that they say nothing about the pace.</summary>
    public bool IsReady(TimeSpan now) => _items.Count > 0 && (_batchesUnderWay < limits.Window || now - _lastSent >= limits.MaxWait);

    /// <summary>Empties the lane into batches of bounded size (at least one item each).</summary>
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
    /// Items sent together. They occupy their lane until <see cref="Complete"/>. Only that call returns the items' purposes, so a caller cannot use the
    /// answers without freeing the room.
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

        /// <summary>Frees the room of the batch: it was answered, or will not be.</summary>
        /// <returns>The purpose of each item.</returns>
        /// <exception cref="InvalidOperationException">The batch was already completed.</exception>
        public Purpose[] Complete()
        {
            var purposes = _purposes ?? throw new InvalidOperationException($"a batch for node {Node} was completed twice");
            _purposes = null;
            _lane._itemsUnderWay -= Items.Length;
            _lane._batchesUnderWay--;
            return purposes;
        }
    }
}

/// <param name="Items">Items waiting for one node or in flight to it.</param>
/// <param name="BatchBytes">Size from which a batch takes no more items.</param>
/// <param name="Window">Batches in flight from which the next one waits.</param>
/// <param name="MaxWait">How long after the last send the next batch goes out even though the window is full.</param>
internal sealed record LaneLimits(int Items, int BatchBytes, int Window, TimeSpan MaxWait);

/// <summary>The lanes of one kind, by node.</summary>
/// <param name="send">Sends the batch to the node and guarantees that the batch is completed, whatever the outcome.</param>
internal sealed class Lanes<TItem>(LaneLimits limits, Func<TItem, int> sizeOf, Action<Lane<TItem>.Batch> send)
{
    private readonly Dictionary<NodeId, Lane<TItem>> _lanes = [];

    public bool TryAdd(NodeId node, TItem item, Purpose purpose)
    {
        if (!_lanes.TryGetValue(node, out var lane)) _lanes[node] = lane = new Lane<TItem>(node, limits, sizeOf);
        return lane.TryAdd(item, purpose);
    }

    /// <summary>Sends the items of every lane that is ready.</summary>
    public void Flush(TimeSpan now)
    {
        foreach (var lane in _lanes.Values)
            if (lane.IsReady(now)) lane.Drain(now, send);
    }
}
