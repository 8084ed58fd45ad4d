using System.Collections.Immutable;
using Dynamo.Core.FailureDetection;
using Dynamo.Core.Membership;
using Dynamo.Core.Wire;

namespace Dynamo.Protocol;

internal static class GossipCodec
{
    public static void Write(ByteWriter to, GossipSyn m)
    {
        Write(to, m.From);
        to.Fixed64(m.Hash);
        Write(to, m.Suspicions);
        to.Fixed64((ulong)m.SentMs);
    }

    public static GossipSyn ReadSyn(ref ByteReader from) => ReadSynBefore2(ref from) with { SentMs = (long)from.Fixed64() };

    public static GossipSyn ReadSynBefore2(ref ByteReader from) => new(ReadOrigin(ref from), from.Fixed64(), ReadSuspicions(ref from));

    public static void Write(ByteWriter to, GossipAck m)
    {
        Write(to, m.From);
        Write(to, m.Suspicions);
        Write(to, m.Clock);
    }

    public static GossipAck ReadAck(ref ByteReader from) => ReadAckBefore2(ref from) with { Clock = ReadClock(ref from) };

    public static GossipAck ReadAckBefore2(ref ByteReader from) => new(ReadOrigin(ref from), ReadSuspicions(ref from));

    public static void Write(ByteWriter to, GossipMarks m)
    {
        Write(to, m.From);
        Write(to, m.Marks);
        Write(to, m.Suspicions);
        Write(to, m.Clock);
    }

    public static GossipMarks ReadMarks(ref ByteReader from) => ReadMarksBefore2(ref from) with { Clock = ReadClock(ref from) };

    public static GossipMarks ReadMarksBefore2(ref ByteReader from) => new(ReadOrigin(ref from), ReadStateMarks(ref from), ReadSuspicions(ref from));

    public static void Write(ByteWriter to, GossipDelta m)
    {
        Write(to, m.From);
        StateCodec.Write(to, m.Difference);
        to.Bool(m.Marks is not null);
        if (m.Marks is not null) Write(to, m.Marks);
    }

    public static GossipDelta ReadDelta(ref ByteReader from) =>
        new(ReadOrigin(ref from), StateCodec.ReadState(ref from), from.Bool() ? ReadStateMarks(ref from) : null);

    public static void Write(ByteWriter to, SpreadSuspicions m)
    {
        Write(to, m.From);
        Write(to, m.Suspicions);
    }

    public static SpreadSuspicions ReadSpreadSuspicions(ref ByteReader from) => new(ReadOrigin(ref from), ReadSuspicions(ref from));

    public static void Write(ByteWriter to, Heartbeat m) => Write(to, m.From);

    public static Heartbeat ReadHeartbeat(ref ByteReader from) => new(ReadOrigin(ref from));

    public static void Write(ByteWriter to, Ping m)
    {
        Write(to, m.From);
        to.Count(m.Number);
    }

    public static Ping ReadPing(ref ByteReader from) => new(ReadOrigin(ref from), from.Count());

    public static void Write(ByteWriter to, Pong m)
    {
        Write(to, m.From);
        to.Count(m.Number);
    }

    public static Pong ReadPong(ref ByteReader from) => new(ReadOrigin(ref from), from.Count());

    public static void Write(ByteWriter to, PingRequest m)
    {
        Write(to, m.From);
        to.Node(m.Target);
        to.Count(m.Number);
        to.Count(m.TimeoutMs);
    }

    public static PingRequest ReadPingRequest(ref ByteReader from) => new(ReadOrigin(ref from), from.Node(), from.Count(), from.Int());

    public static void Write(ByteWriter to, PingReport m)
    {
        Write(to, m.From);
        to.Count(m.Number);
        to.Bool(m.IsAlive);
    }

    public static PingReport ReadPingReport(ref ByteReader from) => new(ReadOrigin(ref from), from.Count(), from.Bool());

    public static void Write(ByteWriter to, GossipRefused m)
    {
        to.Node(m.From);
        to.Byte((byte)m.Kind);
        to.Text(m.Reason);
    }

    public static GossipRefused ReadRefused(ref ByteReader from) => new(from.Node(), ReadKind(ref from), from.Text());

    private static void Write(ByteWriter to, Origin origin)
    {
        to.Text(origin.Cluster);
        to.Node(origin.Node);
        to.Count(origin.Incarnation);
    }

    private static Origin ReadOrigin(ref ByteReader from) => new(from.Text(), from.Node(), from.Count());

    private static void Write(ByteWriter to, ClockReading clock)
    {
        to.Fixed64((ulong)clock.AskedMs);
        to.Fixed64((ulong)clock.AnsweredMs);
    }

    private static ClockReading ReadClock(ref ByteReader from) => new((long)from.Fixed64(), (long)from.Fixed64());

    private static void Write(ByteWriter to, ImmutableArray<Suspicion> suspicions)
    {
        to.Count(suspicions.Length);
        foreach (var suspicion in suspicions)
        {
            to.Node(suspicion.Suspect);
            to.Count(suspicion.Incarnation);
            to.Node(suspicion.By);
        }
    }

    private static ImmutableArray<Suspicion> ReadSuspicions(ref ByteReader from)
    {
        var suspicions = ImmutableArray.CreateBuilder<Suspicion>(from.ListLength(3));
        while (suspicions.Count < suspicions.Capacity) suspicions.Add(new Suspicion(from.Node(), from.Count(), from.Node()));
        return suspicions.MoveToImmutable();
    }

    private static void Write(ByteWriter to, StateMarks marks)
    {
        to.Count(marks.Parts.Length);
        foreach (var part in marks.Parts) to.Fixed64(part);
        to.Count(marks.Members.Length);
        foreach (var mark in marks.Members)
        {
            to.Node(mark.Id);
            to.Fixed64(mark.Mark);
        }
        to.MaybeNode(marks.After);
        to.MaybeNode(marks.UpTo);
    }

    private static StateMarks ReadStateMarks(ref ByteReader from)
    {
        var parts = ImmutableArray.CreateBuilder<ulong>(from.ListLength(8));
        while (parts.Count < parts.Capacity) parts.Add(from.Fixed64());
        var members = ImmutableArray.CreateBuilder<MemberMark>(from.ListLength(9));
        while (members.Count < members.Capacity) members.Add(new MemberMark(from.Node(), from.Fixed64()));
        return new StateMarks(parts.MoveToImmutable(), members.MoveToImmutable(), from.MaybeNode(), from.MaybeNode());
    }

    private static Refusal ReadKind(ref ByteReader from) =>
        from.Byte() is var kind && kind <= (byte)Refusal.Gone ? (Refusal)kind : throw new MalformedBytesException("an unknown refusal");
}
