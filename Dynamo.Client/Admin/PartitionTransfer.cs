using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Client.Admin;

/// <summary>One partition on its way.</summary>
/// <param name="Partition">From 0.</param>
/// <param name="From">Null while no source is chosen, or when the copies of a former owner go to all owners.</param>
/// <param name="To">Null: to all owners.</param>
/// <param name="Keys">That came so far.</param>
/// <param name="Bytes">Of them.</param>
/// <param name="BytesPerSecond">On average.</param>
/// <param name="Progress">0 to 1, by the tokens covered.</param>
/// <param name="Elapsed">Since it began.</param>
/// <param name="Waiting">Why nothing moves at the moment; empty: it moves.</param>
public sealed record PartitionTransfer(
    int Partition, NodeId? From, NodeId? To, long Keys, long Bytes, long BytesPerSecond, double Progress, TimeSpan Elapsed, string Waiting)
{
    /// <summary>What is to go at the pace so far; null: unknown.</summary>
    public TimeSpan? Remaining => Progress is > 0 and < 1 ? Elapsed * ((1 - Progress) / Progress) : null;

    internal static PartitionTransfer Of(TransferReport said) => new(
        said.Partition, said.From, said.To, said.Keys, said.Bytes, said.BytesPerSecond, said.Progress, TimeSpan.FromMilliseconds(said.ElapsedMs), said.Waiting);
}

/// <summary>What one node receives, and what it hands off.</summary>
/// <param name="Node">The node.</param>
/// <param name="Receiving">Null: it did not answer.</param>
/// <param name="HandingOff">Null: it did not answer.</param>
public sealed record NodeTransfers(NodeId Node, IReadOnlyList<PartitionTransfer>? Receiving, IReadOnlyList<PartitionTransfer>? HandingOff);
