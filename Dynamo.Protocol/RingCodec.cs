using System.Collections.Immutable;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;
using Dynamo.Core.Wire;

namespace Dynamo.Protocol;

internal static class RingCodec
{
    public static void Write(ByteWriter to, Introduce m)
    {
        to.Text(m.To.Host);
        to.Count(m.To.Port);
    }

    public static Introduce ReadIntroduce(ref ByteReader from) => new(new NodeAddress(from.Text(), from.Int()));

    public static void Write(ByteWriter to, ReachRequest m)
    {
        to.Node(m.Node);
        to.Text(m.At.Host);
        to.Count(m.At.Port);
        to.Count(m.TimeoutMs);
    }

    public static ReachRequest ReadReachRequest(ref ByteReader from) => new(from.Node(), new NodeAddress(from.Text(), from.Int()), from.Int());

    public static void Write(ByteWriter to, ReachReport m) => to.Bool(m.IsReached);

    public static ReachReport ReadReachReport(ref ByteReader from) => new(from.Bool());

    public static void Write(ByteWriter to, StageChange m)
    {
        to.Node(m.Node);
        to.Byte((byte)m.Kind);
        to.MaybeNode(m.By);
    }

    public static StageChange ReadStage(ref ByteReader from) => new(
        from.Node(),
        from.Byte() is var kind && kind <= (byte)ChangeKind.ForceRemove ? (ChangeKind)kind : throw new MalformedBytesException($"unknown change {kind}"),
        from.MaybeNode());

    public static void Write(ByteWriter to, CommitPlan m)
    {
        to.Count(m.BaseEpoch);
        to.Fixed64(m.PlanId);
    }

    public static CommitPlan ReadCommit(ref ByteReader from) => new(from.Count(), from.Fixed64());

    public static void Write(ByteWriter to, ChangeAccepted m)
    {
        to.Count(m.Staged);
        to.Count(m.Epoch);
    }

    public static ChangeAccepted ReadAccepted(ref ByteReader from) => new(from.Int(), from.Count());

    public static void Write(ByteWriter to, TransfersRequest m) => to.Count(m.From);

    public static TransfersRequest ReadTransfersRequest(ref ByteReader from) => new(from.Int());

    public static void Write(ByteWriter to, TransferReports m)
    {
        to.Count(m.Reports.Length);
        foreach (var report in m.Reports)
        {
            to.Count(report.Partition);
            to.MaybeNode(report.From);
            to.MaybeNode(report.To);
            to.Count(report.Keys);
            to.Count(report.Bytes);
            to.Count(report.BytesPerSecond);
            to.Double(report.Progress);
            to.Count(report.ElapsedMs);
            to.Text(report.Waiting);
        }
    }

    public static TransferReports ReadReports(ref ByteReader from)
    {
        var reports = ImmutableArray.CreateBuilder<TransferReport>(from.ListLength(16));
        while (reports.Count < reports.Capacity)
            reports.Add(new TransferReport(
                from.Int(), from.MaybeNode(), from.MaybeNode(), from.Count(), from.Count(), from.Count(), from.Double(), from.Count(), from.Text()));
        return new TransferReports(reports.MoveToImmutable());
    }

    public static void Write(ByteWriter to, ChunkRequest m)
    {
        to.Count(m.Partition);
        to.MaybeKey(m.After);
        to.Count(m.MaxBytes);
    }

    public static ChunkRequest ReadChunkRequest(ref ByteReader from) => new(from.Int(), from.MaybeKey(), from.Int());

    public static void Write(ByteWriter to, TransferChunk m)
    {
        ReplicaCodec.Write(to, m.Records);
        to.Bool(m.IsLast);
    }

    public static TransferChunk ReadChunk(ref ByteReader from) => new(ReplicaCodec.ReadKeySets(ref from), from.Bool());

    public static void Write(ByteWriter to, DrainRequest m) => to.Bool(m.IsOn);

    public static DrainRequest ReadDrain(ref ByteReader from) => new(from.Bool());

    public static void Write(ByteWriter to, DrainState m)
    {
        to.Bool(m.IsOn);
        to.Count(m.InFlight);
        to.Count(m.HintsHeld);
    }

    public static DrainState ReadDrainState(ref ByteReader from) => new(from.Bool(), from.Int(), from.Count());

    public static void Write(ByteWriter to, HintsHeld m)
    {
        to.Count(m.Hints.Length);
        foreach (var (owner, hints) in m.Hints)
        {
            to.Node(owner);
            to.Count(hints);
        }
    }

    public static HintsHeld ReadHints(ref ByteReader from)
    {
        var hints = ImmutableArray.CreateBuilder<HintsFor>(from.ListLength(2));
        while (hints.Count < hints.Capacity) hints.Add(new HintsFor(from.Node(), from.Count()));
        return new HintsHeld(hints.MoveToImmutable());
    }
}
