namespace Dynamo.Core.Wire;

/// <summary>Room in one message or page. The first item always fits, so an item larger than the bound travels alone.</summary>
/// <param name="maxBytes">Bound of all items together.</param>
/// <param name="maxItems">From 1.</param>
public struct ByteBudget(long maxBytes, int maxItems = int.MaxValue)
{
    private long _bytes;
    private int _items;

    /// <summary>No item fits any more.</summary>
    public readonly bool IsFull => _items > 0 && (_items >= maxItems || _bytes >= maxBytes);

    /// <returns>False: the item does not fit, and nothing was taken.</returns>
    public bool TryTake(long bytes)
    {
        if (_items > 0 && (_items >= maxItems || _bytes + bytes > maxBytes)) return false;
        _items++;
        _bytes += bytes;
        return true;
    }
}
