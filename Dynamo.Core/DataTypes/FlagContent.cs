using System.Collections.Immutable;
using Dynamo.Core.Versioning;
using Dynamo.Core.Wire;

namespace Dynamo.Core.DataTypes;

/// <summary>A flag: the writes that turned it on and that no write which turned it off has seen.</summary>
internal sealed class FlagContent : DataContent
{
    public static readonly FlagContent Empty = new([]);

    private readonly ImmutableArray<Mark> _on;

    private FlagContent(ImmutableArray<Mark> on) => _on = on;

    public override DataKind Kind => DataKind.Flag;

    public override bool IsEmpty => _on.IsEmpty;

    public override DataView View => new DataView.Flag(!_on.IsEmpty);

    public override DataContent Join(CausalContext mySeen, DataContent other, CausalContext theirSeen) =>
        new FlagContent(Dotted.Join(_on, mySeen, ((FlagContent)other)._on, theirSeen));

    public override DataContent Apply(DataOperation operation, DataWrite write) =>
        ((DataOperation.Switch)operation).IsOn ? new FlagContent([new Mark(write.Dot)]) : Empty;

    public override void Write(ByteWriter to) => Marks.Write(to, _on);

    public static FlagContent Read(ref ByteReader from) => new(Marks.Read(ref from));
}

/// <summary>The binary form of a list of marks.</summary>
internal static class Marks
{
    public static void Write(ByteWriter to, ImmutableArray<Mark> marks)
    {
        to.Count(marks.Length);
        foreach (var mark in marks) VersionCodec.Write(to, mark.Dot);
    }

    public static ImmutableArray<Mark> Read(ref ByteReader from)
    {
        var marks = ImmutableArray.CreateBuilder<Mark>(from.ListLength(10));
        while (marks.Count < marks.Capacity) marks.Add(new Mark(VersionCodec.ReadDot(ref from)));
        return marks.MoveToImmutable();
    }
}
