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

/// <summary>The items that gather for one actor of one node, and those under way to it. What is ready at the same moment travels as one message.</summary>
internal sealed class Lane<TItem>(NodeId node, int most, int batchBytes, Func<TItem, int> sizeOf)
{
    private readonly List<TItem> _items = [];
    private readonly List<Tag> _tags = [];
    private int _underWay;

    public NodeId Node => node;

    public bool IsEmpty => _items.Count == 0;

    /// <returns>False when the lane is full: the item was not taken.</returns>
    public bool TryAdd(TItem item, Tag tag)
    {
        if (_items.Count + _underWay >= most) return false;
        _items.Add(item);
        _tags.Add(tag);
        return true;
    }

    /// <summary>Empties the lane into batches of bounded bytes (at least one item each).</summary>
    public IEnumerable<(ImmutableArray<TItem> Items, Tag[] Tags)> Drain()
    {
        var start = 0;
        while (start < _items.Count)
        {
            var end = start;
            for (var bytes = 0; end < _items.Count && (end == start || bytes < batchBytes); end++) bytes += sizeOf(_items[end]);
            _underWay += end - start;
            yield return ([.. _items[start..end]], [.. _tags[start..end]]);
            start = end;
        }
        _items.Clear();
        _tags.Clear();
    }

    public void Returned(int items) => _underWay -= items;
}

/// <summary>The lanes of one kind, by node.</summary>
internal sealed class Lanes<TItem>(int most, int batchBytes, Func<TItem, int> sizeOf)
{
    private readonly Dictionary<NodeId, Lane<TItem>> _lanes = [];

    public bool TryAdd(NodeId node, TItem item, Tag tag)
    {
        if (!_lanes.TryGetValue(node, out var lane)) _lanes[node] = lane = new Lane<TItem>(node, most, batchBytes, sizeOf);
        return lane.TryAdd(item, tag);
    }

    /// <summary>Sends all that gathered; <paramref name="send"/> asks the node and sees to it that <see cref="Returned"/> is called.</summary>
    public void Flush(Action<NodeId, ImmutableArray<TItem>, Tag[]> send)
    {
        foreach (var lane in _lanes.Values)
        {
            if (lane.IsEmpty) continue;
            foreach (var (items, tags) in lane.Drain()) send(lane.Node, items, tags);
        }
    }

    public void Returned(NodeId node, int items)
    {
        if (_lanes.TryGetValue(node, out var lane)) lane.Returned(items);
    }
}
