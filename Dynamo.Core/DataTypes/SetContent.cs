using System.Collections.Immutable;
using Dynamo.Core.Versioning;
using Dynamo.Core.Wire;

namespace Dynamo.Core.DataTypes;

/// <summary>A set (observed-remove, without tombstones): for each element the writes that added it. A removal drops those it has seen.</summary>
internal sealed class SetContent : DataContent
{
    public static readonly SetContent Empty = new(ImmutableSortedDictionary<ByteString, ImmutableArray<Mark>>.Empty);

    private readonly ImmutableSortedDictionary<ByteString, ImmutableArray<Mark>> _elements;

    private SetContent(ImmutableSortedDictionary<ByteString, ImmutableArray<Mark>> elements) => _elements = elements;

    public override DataKind Kind => DataKind.Set;

    public override bool IsEmpty => _elements.IsEmpty;

    public override DataView View => new DataView.Set([.. _elements.Keys]);

    public override DataContent Join(CausalContext mySeen, DataContent other, CausalContext theirSeen)
    {
        var theirs = ((SetContent)other)._elements;
        var joined = ImmutableSortedDictionary.CreateBuilder<ByteString, ImmutableArray<Mark>>();
        foreach (var element in _elements.Keys.Union(theirs.Keys))
        {
            var marks = Dotted.Join(_elements.GetValueOrDefault(element, []), mySeen, theirs.GetValueOrDefault(element, []), theirSeen);
            if (!marks.IsEmpty) joined[element] = marks;
        }
        return new SetContent(joined.ToImmutable());
    }

    public override DataContent Apply(DataOperation operation, DataWrite write)
    {
        var change = (DataOperation.Change)operation;
        var elements = _elements.RemoveRange(change.Removes);
        return new SetContent(elements.SetItems(change.Adds.Select(e => KeyValuePair.Create(e, ImmutableArray.Create(new Mark(write.Dot))))));
    }

    public override void Write(ByteWriter to)
    {
        to.Count(_elements.Count);
        foreach (var (element, marks) in _elements)
        {
            to.Bytes(element.Bytes.Span);
            Marks.Write(to, marks);
        }
    }

    public static SetContent Read(ref ByteReader from)
    {
        var elements = ImmutableSortedDictionary.CreateBuilder<ByteString, ImmutableArray<Mark>>();
        for (var left = from.ListLength(2); left > 0; left--)
        {
            var element = new ByteString(from.Bytes());
            elements[element] = Marks.Read(ref from);
        }
        return new SetContent(elements.ToImmutable());
    }
}
