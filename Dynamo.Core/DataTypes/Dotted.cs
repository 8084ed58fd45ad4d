using System.Collections.Immutable;
using Dynamo.Core.Versioning;

namespace Dynamo.Core.DataTypes;

/// <summary>A part of a value, named by the dot of the write that made it.</summary>
internal interface IDotted
{
    Dot Dot { get; }
}

/// <summary>A part that says only that its write happened.</summary>
internal readonly record struct Mark(Dot Dot) : IDotted;

/// <summary>
/// The merge that all data types are made of: a part stays if both sides hold it, or if one side holds it and the other has not seen it. A part that the
/// other side has seen and does not hold was removed there.
/// </summary>
internal static class Dotted
{
    /// <summary>Merges two lists that are sorted by dot; so is the result.</summary>
    public static ImmutableArray<T> Join<T>(ImmutableArray<T> mine, CausalContext mySeen, ImmutableArray<T> theirs, CausalContext theirSeen)
        where T : IDotted
    {
        var joined = ImmutableArray.CreateBuilder<T>(Math.Max(mine.Length, theirs.Length));
        for (int i = 0, j = 0; i < mine.Length || j < theirs.Length;)
        {
            var order = i == mine.Length ? 1 : j == theirs.Length ? -1 : mine[i].Dot.CompareTo(theirs[j].Dot);
            if (order == 0) joined.Add(mine[i]);
            else if (order < 0 && !theirSeen.Covers(mine[i].Dot)) joined.Add(mine[i]);
            else if (order > 0 && !mySeen.Covers(theirs[j].Dot)) joined.Add(theirs[j]);
            if (order <= 0) i++;
            if (order >= 0) j++;
        }
        return joined.DrainToImmutable();
    }
}
