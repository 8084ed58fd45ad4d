using System.Collections.Immutable;

namespace Dynamo.Core.DataTypes;

/// <summary>An operation that cannot be carried out on the key's present value; the message says why.</summary>
public sealed class BadOperationException(string message) : Exception(message);

/// <summary>A change of a value of one of the data types. The coordinator applies it to what its store holds, so that a client need not read first.</summary>
public abstract record DataOperation
{
    private DataOperation()
    {
    }

    public abstract DataKind Kind { get; }

    /// <summary>Approximate bytes of the operation's content.</summary>
    public abstract long Bytes { get; }

    /// <param name="By">Added to the counter; may be negative.</param>
    public sealed record Add(long By) : DataOperation
    {
        public override DataKind Kind => DataKind.Counter;

        public override long Bytes => 10;
    }

    /// <summary>Removes elements, then adds others. A removal takes the additions that the coordinator's store has seen.</summary>
    public sealed record Change(ImmutableArray<ByteString> Adds, ImmutableArray<ByteString> Removes) : DataOperation
    {
        public override DataKind Kind => DataKind.Set;

        public override long Bytes => Adds.Concat(Removes).Sum(e => 2L + e.Bytes.Length);
    }

    public sealed record Assign(ReadOnlyMemory<byte> Value) : DataOperation
    {
        public override DataKind Kind => DataKind.Register;

        public override long Bytes => Value.Length;
    }

    public sealed record Switch(bool IsOn) : DataOperation
    {
        public override DataKind Kind => DataKind.Flag;

        public override long Bytes => 1;
    }

    /// <summary>Removes fields, then updates others.</summary>
    /// <param name="Updates">Operations on fields, each of any kind but <see cref="DataKind.Map"/>. A field of a name may exist in several kinds.</param>
    public sealed record Fields(ImmutableArray<FieldUpdate> Updates, ImmutableArray<Field> Removes) : DataOperation
    {
        public override DataKind Kind => DataKind.Map;

        public override long Bytes => Updates.Sum(u => 3L + u.Field.Name.Length + u.Operation.Bytes) + Removes.Sum(f => 3L + f.Name.Length);
    }
}

/// <summary>A field of a map. Its kind belongs to its name, so that concurrent writers of different kinds do not meet.</summary>
public readonly record struct Field(string Name, DataKind Kind) : IComparable<Field>
{
    public int CompareTo(Field other) => string.CompareOrdinal(Name, other.Name) is var byName and not 0 ? byName : Kind.CompareTo(other.Kind);
}

public readonly record struct FieldUpdate(Field Field, DataOperation Operation);
