using System.Collections.Immutable;

namespace Dynamo.Core.DataTypes;

/// <summary>What a reader sees of a value of one of the data types.</summary>
public abstract record DataView
{
    private DataView()
    {
    }

    public abstract DataKind Kind { get; }

    /// <summary>Approximate bytes of the content.</summary>
    public virtual long Bytes => 10;

    public sealed record Counter(long Value) : DataView
    {
        public override DataKind Kind => DataKind.Counter;
    }

    /// <param name="Elements">In the order of their bytes.</param>
    public sealed record Set(ImmutableArray<ByteString> Elements) : DataView
    {
        public override DataKind Kind => DataKind.Set;

        public override long Bytes => Elements.Sum(e => 4L + e.Bytes.Length);
    }

    /// <param name="Value">Null: never written.</param>
    public sealed record Register(ReadOnlyMemory<byte>? Value) : DataView
    {
        public override DataKind Kind => DataKind.Register;

        public override long Bytes => 4L + (Value?.Length ?? 0);
    }

    public sealed record Flag(bool IsOn) : DataView
    {
        public override DataKind Kind => DataKind.Flag;
    }

    public sealed record Map(ImmutableSortedDictionary<Field, DataView> Fields) : DataView
    {
        public override DataKind Kind => DataKind.Map;

        public override long Bytes => Fields.Sum(f => 4L + f.Key.Name.Length + f.Value.Bytes);
    }
}
