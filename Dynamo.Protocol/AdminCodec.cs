using System.Collections.Immutable;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Wire;

namespace Dynamo.Protocol;

internal static class AdminCodec
{
    // The process id has a fixed length: a simulated cluster must not depend on the process that simulates it.
    public static void Write(ByteWriter to, NodeStatus m)
    {
        to.Node(m.Node);
        to.Text(m.Version);
        to.Fixed32((uint)m.ProcessId);
        to.Count(m.UptimeMs);
        to.Text(m.Engine);
        to.Count(m.RingEpoch);
        to.Count(m.Members);
        to.Fixed64(m.StateHash);
        to.Nodes(m.Unreachable);
        to.Count(m.Keys);
        to.Count(m.Bytes);
        to.Count(m.HintsHeld);
        to.Double(m.BackgroundShare);
        to.Double(m.ForegroundP99Ms);
        to.Bool(m.IsDraining);
        to.Fixed64((ulong)m.ClockLeadMs);
        to.Bool(m.IsClockOff);
        to.Text(m.StoreFailure);
        to.Count(m.Warnings.Length);
        foreach (var warning in m.Warnings) to.Text(warning);
    }

    public static NodeStatus ReadStatus(ref ByteReader from)
    {
        var status = ReadStatusBefore4(ref from) with { ClockLeadMs = (long)from.Fixed64(), IsClockOff = from.Bool(), StoreFailure = from.Text() };
        var warnings = ImmutableArray.CreateBuilder<string>(from.ListLength());
        while (warnings.Count < warnings.Capacity) warnings.Add(from.Text());
        return status with { Warnings = warnings.MoveToImmutable() };
    }

    public static NodeStatus ReadStatusBefore4(ref ByteReader from) => ReadStatus(ref from, hasFixedId: true);

    public static NodeStatus ReadStatusBefore3(ref ByteReader from) => ReadStatus(ref from, hasFixedId: false);

    private static NodeStatus ReadStatus(ref ByteReader from, bool hasFixedId) => new(
        from.Node(), from.Text(), hasFixedId ? (int)from.Fixed32() : from.Int(), from.Count(), from.Text(), from.Count(), from.Int(), from.Fixed64(),
        from.Nodes(), from.Count(), from.Count(), from.Count(), from.Double(), from.Double(), from.Bool());

    public static void Write(ByteWriter to, ExplainRequest m) => to.Key(m.Key);

    public static ExplainRequest ReadExplain(ref ByteReader from) => new(from.Key());

    public static void Write(ByteWriter to, KeyReport m)
    {
        to.Node(m.Node);
        to.Text(m.Clock);
        to.Fixed64(m.Digest);
        to.Count(m.Siblings.Length);
        foreach (var sibling in m.Siblings)
        {
            to.Text(sibling.Name);
            to.Bool(sibling.IsTombstone);
            to.Count(sibling.Bytes);
        }
        to.Nodes(m.HintsFor);
        to.Count(m.LastRepairMs + 1);
        to.Byte((byte)m.LastRepair);
    }

    public static KeyReport ReadReport(ref ByteReader from)
    {
        var (node, clock, digest) = (from.Node(), from.Text(), from.Fixed64());
        var siblings = ImmutableArray.CreateBuilder<SiblingReport>(from.ListLength(3));
        while (siblings.Count < siblings.Capacity) siblings.Add(new SiblingReport(from.Text(), from.Bool(), from.Int()));
        return new KeyReport(node, clock, digest, siblings.MoveToImmutable(), from.Nodes(), from.Count() - 1, ReadCause(ref from));
    }

    public static void Write(ByteWriter to, ScanRequest m)
    {
        to.Fixed64(m.First.Value);
        to.Fixed64(m.Last.Value);
        to.MaybeKey(m.After);
        to.Count(m.Max);
    }

    public static ScanRequest ReadScan(ref ByteReader from) => new(new Token(from.Fixed64()), new Token(from.Fixed64()), from.MaybeKey(), from.Int());

    public static void Write(ByteWriter to, ScanPage m)
    {
        AntiEntropyCodec.Write(to, m.Keys);
        to.Bool(m.IsLast);
    }

    public static ScanPage ReadPage(ref ByteReader from) => new(AntiEntropyCodec.ReadDigests(ref from), from.Bool());

    public static void Write(ByteWriter to, SetBucket m)
    {
        to.Text(m.Bucket);
        StateCodec.Write(to, m.Options);
    }

    public static SetBucket ReadSetBucket(ref ByteReader from) => new(from.Text(), StateCodec.ReadOptions(ref from));

    public static void Write(ByteWriter to, BucketSet m)
    {
        to.Text(m.Bucket);
        to.Count(m.Version);
    }

    public static BucketSet ReadBucketSet(ref ByteReader from) => new(from.Text(), from.Count());

    public static void Write(ByteWriter to, AdminRefused m) => to.Text(m.Reason);

    public static AdminRefused ReadRefused(ref ByteReader from) => new(from.Text());

    public static WriteCause ReadCause(ref ByteReader from) =>
        from.Byte() is var cause && cause <= (byte)WriteCause.Transfer ? (WriteCause)cause : throw new MalformedBytesException($"unknown cause {cause}");
}
