namespace Dynamo.Client.DataTypes;

/// <summary>The type of a map's field.</summary>
public enum DynamoFieldType : byte
{
    /// <summary>A counter.</summary>
    Counter = 1,

    /// <summary>A set.</summary>
    Set = 2,

    /// <summary>A register.</summary>
    Register = 3,

    /// <summary>A flag.</summary>
    Flag = 4,
}

/// <summary>A field of a map. Its type is part of its name: concurrent writers that take a name for different types do not meet.</summary>
/// <param name="Name">Any text.</param>
/// <param name="Type">The type.</param>
public readonly record struct DynamoField(string Name, DynamoFieldType Type) : IComparable<DynamoField>
{
    /// <inheritdoc/>
    public int CompareTo(DynamoField other) => string.CompareOrdinal(Name, other.Name) is var byName and not 0 ? byName : Type.CompareTo(other.Type);

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Type.ToString().ToLowerInvariant()})";
}
