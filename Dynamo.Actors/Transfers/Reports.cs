using System.Text;
using Dynamo.Core.Ring;
using Dynamo.Core.Transfers;
using Dynamo.Core.Wire;
using Dynamo.Protocol;

namespace Dynamo.Actors.Transfers;

/// <summary>Progress reports of transfers for operators.</summary>
internal static class Reports
{
    // The numbers, the lengths of texts, and the marks of absent nodes.
    private const int Overhead = 64;

    public static TransferReport Of(PartitionProgress progress, NodeId? from, NodeId? to) => new(
        progress.Partition, from, to, progress.Keys, progress.Bytes, progress.BytesPerSecond, progress.Covered, (long)progress.Elapsed.TotalMilliseconds, progress.Waiting);

    /// <param name="maxBytes">Bound of the answer; one report always fits.</param>
    public static TransferReports Answer(TransfersRequest asked, IEnumerable<TransferReport> all, int maxBytes)
    {
        TransferReport[] reports = [.. all.Where(r => r.Partition >= asked.From).OrderBy(r => r.Partition)];
        return new TransferReports([.. reports.Take(ByteSlices.End(reports, 0, maxBytes, SizeOf))]);
    }

    private static int SizeOf(TransferReport report) =>
        Overhead + (report.From?.Name.Length ?? 0) + (report.To?.Name.Length ?? 0) + Encoding.UTF8.GetByteCount(report.Waiting);
}
