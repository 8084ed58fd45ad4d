using System.Collections.Immutable;
using Dynamo.Core.Wire;

namespace Dynamo.Core.Versioning;

/// <summary>
/// Cuts a set that is too large for one message into slices. Each slice is a valid set that claims its own siblings' dots only; the first also claims
/// the writes that were replaced. So slices merge into any replica one at a time, in any order, and all of them together are the whole set.
/// </summary>
public static class SetSlices
{
    /// <param name="maxBytes">Bound of one slice by <see cref="VersionSet.Bytes"/>; a larger sibling travels alone.</param>
    public static IEnumerable<VersionSet> Of(VersionSet set, long maxBytes)
    {
        Dot? last = null;
        do
        {
            (var slice, last) = After(set, last, maxBytes);
            yield return slice;
        }
        while (last is not null);
    }

    /// <param name="after">The last dot of the slice before; null: the first slice is wanted.</param>
    /// <returns>The slice, and its last dot if more slices follow.</returns>
    public static (VersionSet Slice, Dot? Last) After(VersionSet set, Dot? after, long maxBytes)
    {
        var siblings = set.Siblings;
        var start = after is { } dot ? siblings.Count(s => s.Dot.CompareTo(dot) <= 0) : 0;
        var (end, room) = (start, new ByteBudget(maxBytes));
        while (end < siblings.Length && room.TryTake(VersionSet.SiblingBytes + siblings[end].Value.Length)) end++;
        if (after is null && end == siblings.Length) return (set, null);

        var taken = siblings[start..end];
        var clock = after is null
            ? set.Clock.Without(siblings.Skip(end).Select(s => s.Dot))
            : CausalContext.Of([], taken.Select(s => new DotRun(s.Dot.Tenure, s.Dot.Count, s.Dot.Count)));
        return (new VersionSet(clock, taken), end < siblings.Length ? taken[^1].Dot : null);
    }
}
