using System.Collections.Immutable;
using Dynamo.Core.Wire;

namespace Dynamo.Core.DataTypes;

/// <summary>The binary forms of operations and of what readers see, on the wire.</summary>
public static class DataCodec
{
    public static void Write(ByteWriter to, DataOperation operation)
    {
        to.Byte((byte)operation.Kind);
        switch (operation)
        {
            case DataOperation.Add(var by): to.Signed(by); break;
            case DataOperation.Change(var adds, var removes):
                Write(to, adds);
                Write(to, removes);
                break;
            case DataOperation.Assign(var value): to.Bytes(value.Span); break;
            case DataOperation.Switch(var isOn): to.Bool(isOn); break;
            case DataOperation.Fields(var updates, var removes):
                to.Count(updates.Length);
                foreach (var (field, update) in updates)
                {
                    to.Text(field.Name);
                    Write(to, update);
                }
                to.Count(removes.Length);
                foreach (var field in removes) Write(to, field);
                break;
        }
    }

    public static DataOperation ReadOperation(ref ByteReader from) => ReadOperation((DataKind)from.Byte(), ref from);

    public static void Write(ByteWriter to, DataView view)
    {
        to.Byte((byte)view.Kind);
        switch (view)
        {
            case DataView.Counter(var value): to.Signed(value); break;
            case DataView.Set(var elements): Write(to, elements); break;
            case DataView.Register(var value):
                to.Bool(value is not null);
                if (value is { } there) to.Bytes(there.Span);
                break;
            case DataView.Flag(var isOn): to.Bool(isOn); break;
            case DataView.Map(var fields):
                to.Count(fields.Count);
                foreach (var (field, held) in fields)
                {
                    to.Text(field.Name);
                    Write(to, held);
                }
                break;
        }
    }

    public static DataView ReadView(ref ByteReader from) => ReadView((DataKind)from.Byte(), ref from);

    private static DataOperation ReadOperation(DataKind kind, ref ByteReader from) => kind switch
    {
        DataKind.Counter => new DataOperation.Add(from.Signed()),
        DataKind.Set => new DataOperation.Change(ReadElements(ref from), ReadElements(ref from)),
        DataKind.Register => new DataOperation.Assign(from.Bytes()),
        DataKind.Flag => new DataOperation.Switch(from.Bool()),
        DataKind.Map => ReadFields(ref from),
        _ => throw Unknown(kind),
    };

    private static DataOperation.Fields ReadFields(ref ByteReader from)
    {
        var updates = ImmutableArray.CreateBuilder<FieldUpdate>(from.ListLength(3));
        while (updates.Count < updates.Capacity)
        {
            var (name, kind) = (from.Text(), FieldKind(ref from));
            updates.Add(new FieldUpdate(new Field(name, kind), ReadOperation(kind, ref from)));
        }
        var removes = ImmutableArray.CreateBuilder<Field>(from.ListLength(2));
        while (removes.Count < removes.Capacity) removes.Add(new Field(from.Text(), FieldKind(ref from)));
        return new DataOperation.Fields(updates.MoveToImmutable(), removes.MoveToImmutable());
    }

    private static DataView ReadView(DataKind kind, ref ByteReader from)
    {
        switch (kind)
        {
            case DataKind.Counter: return new DataView.Counter(from.Signed());
            case DataKind.Set: return new DataView.Set(ReadElements(ref from));
            case DataKind.Register: return new DataView.Register(from.Bool() ? from.Bytes() : (ReadOnlyMemory<byte>?)null);
            case DataKind.Flag: return new DataView.Flag(from.Bool());
            case DataKind.Map:
                var fields = ImmutableSortedDictionary.CreateBuilder<Field, DataView>();
                for (var left = from.ListLength(3); left > 0; left--)
                {
                    var field = new Field(from.Text(), FieldKind(ref from));
                    fields[field] = ReadView(field.Kind, ref from);
                }
                return new DataView.Map(fields.ToImmutable());
            default: throw Unknown(kind);
        }
    }

    private static void Write(ByteWriter to, Field field)
    {
        to.Text(field.Name);
        to.Byte((byte)field.Kind);
    }

    private static void Write(ByteWriter to, ImmutableArray<ByteString> elements)
    {
        to.Count(elements.Length);
        foreach (var element in elements) to.Bytes(element.Bytes.Span);
    }

    private static ImmutableArray<ByteString> ReadElements(ref ByteReader from)
    {
        var elements = ImmutableArray.CreateBuilder<ByteString>(from.ListLength());
        while (elements.Count < elements.Capacity) elements.Add(new ByteString(from.Bytes()));
        return elements.MoveToImmutable();
    }

    // Maps do not nest, so that a message cannot make its reader recurse without end.
    internal static DataKind FieldKind(ref ByteReader from) => (DataKind)from.Byte() is var kind and not DataKind.Map ? kind : throw new MalformedBytesException("a map within a map");

    private static MalformedBytesException Unknown(DataKind kind) => new($"unknown data type {(byte)kind}");
}
