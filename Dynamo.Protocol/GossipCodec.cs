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
        to.Count(m.Settings.Length);
        foreach (var setting in m.Settings)
        {
            to.Text(setting.Key);
            to.Text(setting.Value);
        }
        to.Fixed64((ulong)m.SentMs);
    }

    public static GossipSyn ReadSyn(ref ByteReader from, bool isSealed) => new(
        ReadOrigin(ref from, isSealed), from.Fixed64(), ReadSuspicions(ref from), isSealed ? ReadSettings(ref from) : [], isSealed ? (long)from.Fixed64() : 0);

    public static void Write(ByteWriter to, GossipAck m)
    {
        Write(to, m.From);
        Write(to, m.Suspicions);
        Write(to, m.Clock);
    }

    public static GossipAck ReadAck(ref ByteReader from, bool isSealed) =>
        new(ReadOrigin(ref from, isSealed), ReadSuspicions(ref from), isSealed ? ReadClock(ref from) : default);

    public static void Write(ByteWriter to, GossipMarks m)
    {
        Write(to, m.From);
        Write(to, m.Marks);
        Write(to, m.Suspicions);
        Write(to, m.Clock);
    }

    public static GossipMarks ReadMarks(ref ByteReader from, bool isSealed) =>
        new(ReadOrigin(ref from, isSealed), ReadStateMarks(ref from), ReadSuspicions(ref from), isSealed ? ReadClock(ref from) : default);

    public static void Write(ByteWriter to, GossipDelta m)
    {
        Write(to, m.From);
        StateCodec.Write(to, m.Difference);
        to.Bool(m.Marks is not null);
        if (m.Marks is not null) Write(to, m.Marks);
    }

    public static GossipDelta ReadDelta(ref ByteReader from, bool isSealed) =>
        new(ReadOrigin(ref from, isSealed), StateCodec.ReadState(ref from), from.Bool() ? ReadStateMarks(ref from) : null);

    public static void Write(ByteWriter to, SpreadSuspicions m)
    {
        Write(to, m.From);
        Write(to, m.Suspicions);
    }

    public static SpreadSuspicions ReadSpreadSuspicions(ref ByteReader from, bool isSealed) => new(ReadOrigin(ref from, isSealed), ReadSuspicions(ref from));

    public static void Write(ByteWriter to, Heartbeat m) => Write(to, m.From);

    public static Heartbeat ReadHeartbeat(ref ByteReader from, bool isSealed) => new(ReadOrigin(ref from, isSealed));

    public static void Write(ByteWriter to, Ping m)
    {
        Write(to, m.From);
        to.Count(m.Number);
    }

    public static Ping ReadPing(ref ByteReader from, bool isSealed) => new(ReadOrigin(ref from, isSealed), from.Count());

    public static void Write(ByteWriter to, Pong m)
    {
        Write(to, m.From);
        to.Count(m.Number);
    }

    public static Pong ReadPong(ref ByteReader from, bool isSealed) => new(ReadOrigin(ref from, isSealed), from.Count());

    public static void Write(ByteWriter to, PingRequest m)
    {
        Write(to, m.From);
        to.Node(m.Target);
        to.Count(m.Number);
        to.Count(m.TimeoutMs);
    }

    public static PingRequest ReadPingRequest(ref ByteReader from, bool isSealed) => new(ReadOrigin(ref from, isSealed), from.Node(), from.Count(), from.Int());

    public static void Write(ByteWriter to, PingReport m)
    {
        Write(to, m.From);
        to.Count(m.Number);
        to.Bool(m.IsAlive);
    }

    public static PingReport ReadPingReport(ref ByteReader from, bool isSealed) => new(ReadOrigin(ref from, isSealed), from.Count(), from.Bool());

    public static void Write(ByteWriter to, GossipRefused m)
    {
        to.Node(m.From);
        to.Byte((byte)m.Kind);
        to.Text(m.Reason);
        to.Bool(m.Holder is not null);
        if (m.Holder is not { } holder) return;
        Write(to, holder.Address);
        to.Count(holder.Incarnation);
        to.Byte((byte)holder.Claim);
    }

    public static GossipRefused ReadRefused(ref ByteReader from) =>
        new(from.Node(), ReadKind(ref from), from.Text(), from.Bool() ? new NameHolder(ReadAddress(ref from), from.Count(), ReadClaim(ref from)) : null);

    public static GossipRefused ReadRefusedBefore2(ref ByteReader from) => new(from.Node(), ReadKind(ref from), from.Text());

    public static void Write(ByteWriter to, NameConflict m)
    {
        Write(to, m.From);
        to.Node(m.Name);
        Write(to, m.Kept);
        Write(to, m.Refused);
    }

    public static NameConflict ReadNameConflict(ref ByteReader from) =>
        new(ReadOrigin(ref from, isSealed: true), from.Node(), ReadAddress(ref from), ReadAddress(ref from));

    private static void Write(ByteWriter to, Origin origin)
    {
        to.Text(origin.Cluster);
        to.Node(origin.Node);
        to.Count(origin.Incarnation);
        to.Count(origin.Protocol);
        to.Fixed64(origin.Seal);
    }

    private static Origin ReadOrigin(ref ByteReader from, bool isSealed)
    {
        var (cluster, node, incarnation) = (from.Text(), from.Node(), from.Count());
        return isSealed ? new Origin(cluster, node, incarnation, from.Int(), from.Fixed64()) : new Origin(cluster, node, incarnation, NodeProtocol.Unsealed, Seal: 0);
    }

    private static ImmutableArray<AgreedSetting> ReadSettings(ref ByteReader from)
    {
        var settings = ImmutableArray.CreateBuilder<AgreedSetting>(from.ListLength(2));
        while (settings.Count < settings.Capacity) settings.Add(new AgreedSetting(from.Text(), from.Text()));
        return settings.MoveToImmutable();
    }

    private static void Write(ByteWriter to, NodeAddress address)
    {
        to.Text(address.Host);
        to.Count(address.Port);
    }

    private static NodeAddress ReadAddress(ref ByteReader from) => new(from.Text(), from.Int());

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

    private static NameClaim ReadClaim(ref ByteReader from) =>
        from.Byte() is var claim && claim <= (byte)NameClaim.Member ? (NameClaim)claim : throw new MalformedBytesException("an unknown claim");

    private static Refusal ReadKind(ref ByteReader from) =>
        from.Byte() is var kind && kind <= (byte)Refusal.OutOfReach ? (Refusal)kind : throw new MalformedBytesException("an unknown refusal");
}
