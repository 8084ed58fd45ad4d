using Dynamo.Core.Ring;
using Dynamo.Core.Transfers;
using Dynamo.Protocol;

namespace Dynamo.Actors.Transfers;

/// <summary>Progress reports of transfers for operators.</summary>
internal static class Reports
{
    public static TransferReport Of(PartitionProgress progress, NodeId? from, NodeId? to) => new(
        progress.Partition, from, to, progress.Keys, progress.Bytes, progress.BytesPerSecond, progress.Covered, (long)progress.Elapsed.TotalMilliseconds, progress.Waiting);
}
