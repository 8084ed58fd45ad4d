using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Akka.Bench;

internal static class Report
{
    public static string Table(IEnumerable<BenchResult> results)
    {
        var table = new StringBuilder();
        table.AppendLine("| benchmark | ops/s | p50 µs | p99 µs | CPU µs/op |");
        table.AppendLine("|---|---:|---:|---:|---:|");
        foreach (var result in results)
        {
            table.AppendLine(CultureInfo.InvariantCulture,
                $"| {result.Name} | {result.PerSecond:#,0} | {Micros(result, 0.5)} | {Micros(result, 0.99)} | {result.CpuMicrosPerOperation:0.###} |");
        }
        return table.ToString().TrimEnd();
    }

    public static string Json(IEnumerable<BenchResult> results) => JsonSerializer.Serialize(results.Select(result => new
    {
        name = result.Name,
        perSecond = Math.Round(result.PerSecond, 1),
        p50Micros = result.Latency?.MicrosAt(0.5),
        p99Micros = result.Latency?.MicrosAt(0.99),
        cpuMicrosPerOp = Math.Round(result.CpuMicrosPerOperation, 3),
    }));

    private static string Micros(BenchResult result, double share) =>
        result.Latency?.MicrosAt(share).ToString("#,0", CultureInfo.InvariantCulture) ?? "-";
}
