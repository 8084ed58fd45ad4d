using System.Collections.Immutable;
using Dynamo.Core.Versioning;
using Dynamo.Core.Wire;

namespace Dynamo.Core.DataTypes;

/// <summary>The live siblings of a key, sorted out: values of data types, merged to one of each kind, and plain values.</summary>
/// <param name="Values">In the order of their kinds; usually one or none. Concurrent first updates of different kinds make several.</param>
/// <param name="Plain">The number of plain values.</param>
/// <param name="Damaged">The number of values that cannot be decoded.</param>
public readonly record struct TypedSiblings(ImmutableArray<DataValue> Values, int Plain, int Damaged)
{
    public static TypedSiblings Of(VersionSet set, long nowMs)
    {
        var (values, plain, damaged) = (new SortedDictionary<DataKind, DataValue>(), 0, 0);
        foreach (var sibling in set.Siblings)
        {
            if (!sibling.IsLive(nowMs)) continue;
            if (!sibling.IsTyped)
            {
                plain++;
                continue;
            }
            try
            {
                var value = DataValue.Decode(sibling.Value);
                values[value.Kind] = values.TryGetValue(value.Kind, out var other) ? other.Merge(value) : value;
            }
            catch (MalformedBytesException)
            {
                damaged++;
            }
        }
        return new TypedSiblings([.. values.Values], plain, damaged);
    }

    /// <summary>The value that an operation of this kind changes.</summary>
    /// <exception cref="BadOperationException">The key holds something else.</exception>
    public DataValue ValueFor(DataKind kind)
    {
        var others = Values.Where(v => v.Kind != kind).Select(v => NameOf(v.Kind)).ToList();
        if (Plain > 0) others.Add(Plain == 1 ? "a plain value" : $"{Plain} plain values");
        if (Damaged > 0) others.Add("a value that cannot be read");
        if (others.Count > 0) throw new BadOperationException($"the key holds {string.Join(" and ", others)}, not only {NameOf(kind)}: delete it first");
        return Values.FirstOrDefault(v => v.Kind == kind) ?? DataValue.Empty(kind);
    }

    public static string NameOf(DataKind kind) => $"a {kind.ToString().ToLowerInvariant()}";
}
