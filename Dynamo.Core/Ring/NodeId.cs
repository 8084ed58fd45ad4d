namespace Dynamo.Core.Ring;

/// <summary>A node's name: unique in its cluster, kept for life, independent of its address.</summary>
public readonly record struct NodeId(string Name) : IComparable<NodeId>
{
    public const int MaxLength = 64;

    public int CompareTo(NodeId other) => string.CompareOrdinal(Name, other.Name);

    public override string ToString() => Name;
}
