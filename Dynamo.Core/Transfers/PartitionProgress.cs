using Dynamo.Core.Ring;

namespace Dynamo.Core.Transfers;

/// <summary>The progress of one partition on its way to a node, or from it.</summary>
/// <param name="Source">The node that sends it; null while none is chosen, and for a hand-off.</param>
/// <param name="Covered">The part that is done, 0 to 1, by tokens.</param>
/// <param name="Waiting">The reason why nothing moves now; empty: it moves.</param>
public sealed record PartitionProgress(int Partition, NodeId? Source, long Keys, long Bytes, double Covered, TimeSpan Elapsed, string Waiting)
{
    public long BytesPerSecond => (long)(Bytes / Math.Max(0.001, Elapsed.TotalSeconds));

    public static PartitionProgress Waits(int partition, string why) => new(partition, null, 0, 0, 0, TimeSpan.Zero, why);
}
