namespace Dynamo.Core.Wire;

/// <summary>Cuts items into messages of bounded size. An item larger than the bound goes alone.</summary>
public static class ByteSlices
{
    /// <returns>The end of the slice that begins at <paramref name="start"/>: as many items as fit, and at least one if there is one.</returns>
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
