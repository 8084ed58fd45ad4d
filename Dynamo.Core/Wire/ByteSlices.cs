namespace Dynamo.Core.Wire;

/// <summary>Cuts what is to travel into messages of bounded bytes. An item that is larger than the bound goes alone.</summary>
public static class ByteSlices
{
    /// <returns>Where the slice that begins at <paramref name="start"/> ends: as many items as fit, and one at least if there is one.</returns>
    public static int End<T>(IReadOnlyList<T> items, int start, long maxBytes, Func<T, int> sizeOf)
    {
        var (end, room) = (start, new ByteBudget(maxBytes));
        while (end < items.Count && room.TryTake(sizeOf(items[end]))) end++;
        return end;
    }

    /// <summary>All items, in slices.</summary>
    public static IEnumerable<List<T>> Of<T>(List<T> items, long maxBytes, Func<T, int> sizeOf)
    {
        for (int start = 0, end; start < items.Count; start = end)
        {
            end = End(items, start, maxBytes, sizeOf);
            yield return start == 0 && end == items.Count ? items : items[start..end];
        }
    }
}
