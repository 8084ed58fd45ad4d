using System.Collections.Immutable;
using Dynamo.Core.Membership;
using Dynamo.Core.Wire;

namespace Dynamo.Protocol;

internal static class GossipCodec
{
    public static void Write(ByteWriter to, Heartbeat m)
    {
        to.Node(m.From);
        to.Count(m.Incarnation);
    }

    public static Heartbeat ReadHeartbeat(ref ByteReader from) => new(from.Node(), from.Count());

    public static void Write(ByteWriter to, GossipSyn m)
    {
        to.Text(m.ClusterName);
        to.Node(m.From);
        to.Fixed64(m.Hash);
    }

    public static GossipSyn ReadSyn(ref ByteReader from) => new(from.Text(), from.Node(), from.Fixed64());

    public static void Write(ByteWriter to, GossipAck m) => to.Node(m.From);

    public static GossipAck ReadAck(ref ByteReader from) => new(from.Node());

    public static void Write(ByteWriter to, GossipMarks m)
    {
        to.Node(m.From);
        WriteMarks(to, m.Marks);
    }

    public static GossipMarks ReadMarks(ref ByteReader from) => new(from.Node(), ReadMarkList(ref from));

    public static void Write(ByteWriter to, GossipDelta m)
    {
        to.Node(m.From);
        StateCodec.Write(to, m.Difference);
        WriteMarks(to, m.Marks);
    }

    public static GossipDelta ReadDelta(ref ByteReader from) => new(from.Node(), StateCodec.ReadState(ref from), ReadMarkList(ref from));

    public static void Write(ByteWriter to, GossipRefused m)
    {
        to.Node(m.From);
        to.Text(m.Reason);
    }

    public static GossipRefused ReadRefused(ref ByteReader from) => new(from.Node(), from.Text());

    private static void WriteMarks(ByteWriter to, ImmutableArray<MemberMark> marks)
    {
        to.Count(marks.Length);
        foreach (var mark in marks)
        {
            to.Node(mark.Id);
            to.Fixed64(mark.Mark);
        }
    }

    private static ImmutableArray<MemberMark> ReadMarkList(ref ByteReader from)
    {
        var marks = ImmutableArray.CreateBuilder<MemberMark>(from.ListLength(9));
        while (marks.Count < marks.Capacity) marks.Add(new MemberMark(from.Node(), from.Fixed64()));
        return marks.MoveToImmutable();
    }
}
