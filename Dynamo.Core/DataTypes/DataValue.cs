using Dynamo.Core.Versioning;
using Dynamo.Core.Wire;

namespace Dynamo.Core.DataTypes;

/// <summary>
/// A value of one of the data types, as a key's sibling holds it: its parts, each named by the dot of the write that made it, and the dots that it has seen.
/// <see cref="Merge"/> is commutative, associative and idempotent, so that replicas and siblings become equal in whatever order they meet.
/// </summary>
public sealed class DataValue
{
    private const byte Form = 1;
    private readonly CausalContext _seen;
    private readonly DataContent _content;

    private DataValue(CausalContext seen, DataContent content) => (_seen, _content) = (seen, content);

    public DataKind Kind => _content.Kind;

    public DataView View => _content.View;

    public static DataValue Empty(DataKind kind) => new(CausalContext.Empty, DataContent.EmptyOf(kind));

    /// <param name="other">Of the same kind.</param>
    public DataValue Merge(DataValue other) => new(_seen.Join(other._seen), _content.Join(_seen, other._content, other._seen));

    /// <param name="operation">Of the same kind.</param>
    /// <param name="write">Its dot is newer than all dots of its tenure that the value has seen.</param>
    /// <exception cref="BadOperationException">The operation does not fit what is here.</exception>
    public DataValue Apply(DataOperation operation, DataWrite write) => new(_seen.With(write.Dot), _content.Apply(operation, write));

    public byte[] Encoded()
    {
        var to = new ByteWriter();
        to.Byte(Form);
        to.Byte((byte)Kind);
        VersionCodec.Write(to, _seen);
        _content.Write(to);
        return to.ToArray();
    }

    /// <exception cref="MalformedBytesException">The bytes are not an encoded value.</exception>
    public static DataValue Decode(ReadOnlyMemory<byte> encoded)
    {
        var from = new ByteReader(encoded);
        if (from.Byte() is var form && form != Form) throw new MalformedBytesException($"a data type of the unknown form {form}");
        var kind = (DataKind)from.Byte();
        var seen = VersionCodec.ReadContext(ref from);
        var content = DataContent.Read(kind, ref from);
        from.End();
        return new DataValue(seen, content);
    }
}
