using System.Collections.Immutable;
using Akka.Actor;
using Dynamo.Core.Ring;

namespace Dynamo.Actors.Coordinator;

/// <summary>What a queued item belongs to: a request, and the participant's place in it.</summary>
internal readonly record struct Tag(long Request, int Place)
{
    /// <summary>Read repair: nobody waits for the answer.</summary>
    public static readonly Tag None = new(0, 0);
}

/// <summary>
/// The items that gather for one actor of one node, and those under way to it. What is ready at the same moment travels as one message, and while a message is
/// under way the next one gathers: the busier a node is, the larger its batches are, and the fewer messages an item costs. A lone item never waits.
/// </summary>
internal sealed class Lane<TItem>(NodeId node, LaneLimits limits, Func<TItem, int> sizeOf)
{
    private readonly List<TItem> _items = [];
    private readonly List<Tag> _tags = [];
    private int _itemsUnderWay;
    private int _batchesUnderWay;
    private TimeSpan _lastSent;

    public NodeId Node => node;

    /// <returns>False when the lane is full: the item was not taken.</returns>
    public bool TryAdd(TItem item, Tag tag)
    {
        if (_items.Count + _itemsUnderWay >= limits.Items) return false;
        _items.Add(item);
        _tags.Add(tag);
        return true;
    }

    /// <summary>Something waits, and may go: the window is open, or what is under way takes so long that it says nothing of the pace.</summary>
    public bool IsReady(TimeSpan now) => _items.Count > 0 && (_batchesUnderWay < limits.Window || now - _lastSent >= limits.MaxWait);

    /// <summary>Empties the lane into batches of bounded bytes (at least one item each).</summary>
    public IEnumerable<(ImmutableArray<TItem> Items, Tag[] Tags)> Drain(TimeSpan now)
    {
        _lastSent = now;
        var start = 0;
        while (start < _items.Count)
        {
            var end = start;
            for (var bytes = 0; end < _items.Count && (end == start || bytes < limits.BatchBytes); end++) bytes += sizeOf(_items[end]);
            _itemsUnderWay += end - start;
            _batchesUnderWay++;
            yield return ([.. _items[start..end]], [.. _tags[start..end]]);
            start = end;
        }
        _items.Clear();
        _tags.Clear();
    }

    public void Returned(int items)
    {
        _itemsUnderWay -= items;
        _batchesUnderWay--;
    }
}

/// <param name="Items">That wait for one node or are under way to it.</param>
/// <param name="BatchBytes">After which a batch takes no more in.</param>
/// <param name="Window">Batches under way from which the next one waits.</param>
/// <param name="MaxWait">How long it waits for them.</param>
internal sealed record LaneLimits(int Items, int BatchBytes, int Window, TimeSpan MaxWait);

/// <summary>The lanes of one kind, by node.</summary>
internal sealed class Lanes<TItem>(LaneLimits limits, Func<TItem, int> sizeOf)
{
    private readonly Dictionary<NodeId, Lane<TItem>> _lanes = [];

    public bool TryAdd(NodeId node, TItem item, Tag tag)
    {
        if (!_lanes.TryGetValue(node, out var lane)) _lanes[node] = lane = new Lane<TItem>(node, limits, sizeOf);
        return lane.TryAdd(item, tag);
    }

    /// <summary>Sends what gathered and may go; <paramref name="send"/> asks the node and sees to it that <see cref="Returned"/> is called.</summary>
    public void Flush(TimeSpan now, Action<NodeId, ImmutableArray<TItem>, Tag[]> send)
    {
        foreach (var lane in _lanes.Values)
        {
            if (!lane.IsReady(now)) continue;
            foreach (var (items, tags) in lane.Drain(now)) send(lane.Node, items, tags);
        }
    }

    public void Returned(NodeId node, int items)
    {
        if (_lanes.TryGetValue(node, out var lane)) lane.Returned(items);
    }
}
