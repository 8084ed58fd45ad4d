namespace Dynamo.Core.Ring;

/// <summary>A node's name: unique in its cluster, kept for life, independent of its address.</summary>
public readonly record struct NodeId(string Name) : IComparable<NodeId>
{
    public const int MaxLength = 64;

    public int CompareTo(NodeId other) => string.CompareOrdinal(Name, other.Name);

    // Not the runtime's hash, which differs in each process: the order of a set of nodes must replay.
    public override int GetHashCode()
    {
        var hash = 2166136261;
        foreach (var c in Name ?? "") hash = (hash ^ c) * 16777619;
        return (int)hash;
    }

    public override string ToString() => Name;
}
