using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Client.Admin;

/// <summary>The transfer of one partition.</summary>
/// <param name="Partition">Partition number, from 0.</param>
/// <param name="From">The source; null: none is chosen yet.</param>
/// <param name="To">The receiver; null: all owners.</param>
/// <param name="Keys">Keys transferred so far.</param>
/// <param name="Bytes">Bytes transferred so far.</param>
/// <param name="BytesPerSecond">Average rate.</param>
/// <param name="Progress">Share of the partition's tokens covered, 0 to 1.</param>
/// <param name="Elapsed">Time since the transfer began.</param>
/// <param name="Waiting">Why the transfer is not progressing; empty: it is.</param>
public sealed record PartitionTransfer(
    int Partition, NodeId? From, NodeId? To, long Keys, long Bytes, long BytesPerSecond, double Progress, TimeSpan Elapsed, string Waiting)
{
    /// <summary>Estimated time left at the average pace so far; null: unknown.</summary>
    public TimeSpan? Remaining => Progress is > 0 and < 1 ? Elapsed * ((1 - Progress) / Progress) : null;

    internal static PartitionTransfer Of(TransferReport said) => new(
        said.Partition, said.From, said.To, said.Keys, said.Bytes, said.BytesPerSecond, said.Progress, TimeSpan.FromMilliseconds(said.ElapsedMs), said.Waiting);
}

/// <summary>The transfers of one node.</summary>
/// <param name="Node">The node.</param>
/// <param name="Receiving">Partitions that the node receives; null: it did not answer.</param>
/// <param name="HandingOff">Partitions that the node hands off; null: it did not answer.</param>
public sealed record NodeTransfers(NodeId Node, IReadOnlyList<PartitionTransfer>? Receiving, IReadOnlyList<PartitionTransfer>? HandingOff);
