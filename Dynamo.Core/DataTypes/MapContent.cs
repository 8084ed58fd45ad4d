using System.Collections.Immutable;
using Dynamo.Core.Versioning;
using Dynamo.Core.Wire;

namespace Dynamo.Core.DataTypes;

/// <summary>A map: named fields of the other types, all of them under what the map has seen. A removed field is one that holds nothing.</summary>
internal sealed class MapContent : DataContent
{
    public static readonly MapContent Empty = new(ImmutableSortedDictionary<Field, DataContent>.Empty);

    private readonly ImmutableSortedDictionary<Field, DataContent> _fields;

    private MapContent(ImmutableSortedDictionary<Field, DataContent> fields) => _fields = fields;

    public override DataKind Kind => DataKind.Map;

    public override bool IsEmpty => _fields.IsEmpty;

    public override DataView View => new DataView.Map(_fields.ToImmutableSortedDictionary(f => f.Key, f => f.Value.View));

    public override DataContent Join(CausalContext mySeen, DataContent other, CausalContext theirSeen)
    {
        var theirs = ((MapContent)other)._fields;
        var joined = ImmutableSortedDictionary.CreateBuilder<Field, DataContent>();
        foreach (var field in _fields.Keys.Union(theirs.Keys))
        {
            var (mine, their) = (_fields.GetValueOrDefault(field), theirs.GetValueOrDefault(field));
            var content = (mine ?? EmptyOf(field.Kind)).Join(mySeen, their ?? EmptyOf(field.Kind), theirSeen);
            if (!content.IsEmpty) joined[field] = content;
        }
        return new MapContent(joined.ToImmutable());
    }

    public override DataContent Apply(DataOperation operation, DataWrite write)
    {
        var change = (DataOperation.Fields)operation;
        var fields = _fields.RemoveRange(change.Removes);
        foreach (var (field, update) in change.Updates)
        {
            if (update.Kind != field.Kind || field.Kind == DataKind.Map) throw new BadOperationException($"the field {field.Name} cannot be updated as a {update.Kind}");
            var content = fields.GetValueOrDefault(field, EmptyOf(field.Kind)).Apply(update, write);
            fields = content.IsEmpty ? fields.Remove(field) : fields.SetItem(field, content);
        }
        return new MapContent(fields);
    }

    public override void Write(ByteWriter to)
    {
        to.Count(_fields.Count);
        foreach (var (field, content) in _fields)
        {
            to.Text(field.Name);
            to.Byte((byte)field.Kind);
            content.Write(to);
        }
    }

    public static MapContent Read(ref ByteReader from)
    {
        var fields = ImmutableSortedDictionary.CreateBuilder<Field, DataContent>();
        for (var left = from.ListLength(3); left > 0; left--)
        {
            var field = new Field(from.Text(), DataCodec.FieldKind(ref from));
            fields[field] = Read(field.Kind, ref from);
        }
        return new MapContent(fields.ToImmutable());
    }
}
