using Dynamo.Core.Ring;

namespace Dynamo.Core.Transfers;

/// <summary>How far one partition is on its way to a node, or from it.</summary>
/// <param name="Source">Whom it comes from; null while none is chosen, and of what is handed off.</param>
/// <param name="Covered">0 to 1, by its tokens.</param>
/// <param name="Waiting">Why nothing moves at the moment; empty: it moves.</param>
public sealed record PartitionProgress(int Partition, NodeId? Source, long Keys, long Bytes, double Covered, TimeSpan Elapsed, string Waiting)
{
    public long BytesPerSecond => (long)(Bytes / Math.Max(0.001, Elapsed.TotalSeconds));

    public static PartitionProgress Waits(int partition, string why) => new(partition, null, 0, 0, 0, TimeSpan.Zero, why);
}
