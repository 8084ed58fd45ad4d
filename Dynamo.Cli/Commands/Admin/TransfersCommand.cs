using System.CommandLine;
using Dynamo.Cli.Output;
using Dynamo.Client.Admin;
using Dynamo.Core.Ring;

namespace Dynamo.Cli.Commands.Admin;

/// <summary>`dynamo admin transfers`.</summary>
internal static class TransfersCommand
{
    public static Command Create()
    {
        var watch = Watch.Option();
        return AdminCall.Make(new Command("transfers", "Shows partitions in transfer: source, target, amount, rate, and what each waits for.") { watch }, call =>
            Watch.RunAsync(call.Get(watch), call.Cancellation, async () =>
            {
                var (contact, cluster) = await call.FindAsync();
                var nodes = await call.Admin.TransfersAsync(contact, call.Timeout, call.Cancellation);
                return call.IsJson ? () => PrintJson(cluster.Ring, nodes) : () => PrintTable(cluster.Ring, nodes);
            }));
    }

    // Transfers that progress come before those that wait.
    private static (string Kind, NodeId Node, PartitionTransfer Report)[] Rows(IReadOnlyList<NodeTransfers> nodes) =>
    [
        .. nodes.SelectMany(n => (n.Receiving ?? []).Select(r => ("receives", n.Node, r)).Concat((n.HandingOff ?? []).Select(r => ("hands off", n.Node, r))))
            .OrderBy(r => r.r.Waiting.Length > 0).ThenByDescending(r => r.r.Progress).ThenBy(r => r.Node).ThenBy(r => r.r.Partition),
    ];

    private static NodeId[] Silent(IReadOnlyList<NodeTransfers> nodes) => [.. nodes.Where(n => n.Receiving is null || n.HandingOff is null).Select(n => n.Node)];

    private static void PrintTable(RingInfo ring, IReadOnlyList<NodeTransfers> nodes)
    {
        var rows = Rows(nodes);
        Console.Out.WriteLine($"ring epoch {ring.Epoch}: {ring.Moving} of {ring.PartitionCount} partitions still to move, {rows.Count(r => r.Report.Waiting.Length == 0)} transfers in progress");
        if (rows.Length > 0)
        {
            var table = Tables.New(
                ("node", false), ("", false), ("partition", true), ("from", false), ("to", false), ("keys", true), ("bytes", true), ("rate", true), ("done", true),
                ("to go", true), ("waits for", false));
            foreach (var (kind, node, report) in rows.Where(r => r.Report.Waiting.Length == 0)) table.Add(Row(kind, node, report));
            // Hundreds may wait for the same thing, so they share a line.
            foreach (var alike in rows.Where(r => r.Report.Waiting.Length > 0).GroupBy(r => (r.Node, r.Kind, r.Report.Waiting)))
                table.Add(alike.Key.Node.Name, alike.Key.Kind, $"{alike.Count()} wait", "", "", "", "", "", "", "", alike.Key.Waiting);
            Tables.Print(table);
        }
        if (Silent(nodes) is { Length: > 0 } silent) Console.Out.WriteLine($"no answer from {string.Join(", ", silent)}");
    }

    private static string[] Row(string kind, NodeId node, PartitionTransfer report) =>
    [
        node.Name, kind, report.Partition.ToString(), report.From?.Name ?? "-", report.To?.Name ?? "all owners", report.Keys.ToString(), Human.Bytes(report.Bytes),
        $"{Human.Bytes(report.BytesPerSecond)}/s", $"{100 * report.Progress:0} %",
        report.Remaining is { } left ? Human.Duration(left) : "-", report.Waiting,
    ];

    private static void PrintJson(RingInfo ring, IReadOnlyList<NodeTransfers> nodes) => JsonLine.Print(json =>
    {
        json.WriteNumber("epoch", ring.Epoch);
        json.WriteBoolean("settled", ring.IsSettled);
        json.WriteNumber("left", ring.Moving);
        json.WriteStartArray("transfers");
        foreach (var (kind, node, report) in Rows(nodes))
        {
            json.WriteStartObject();
            json.WriteString("node", node.Name);
            json.WriteString("kind", kind == "receives" ? "receive" : "hand-off");
            json.WriteNumber("partition", report.Partition);
            if (report.From is { } from) json.WriteString("from", from.Name);
            if (report.To is { } to) json.WriteString("to", to.Name);
            json.WriteNumber("keys", report.Keys);
            json.WriteNumber("bytes", report.Bytes);
            json.WriteNumber("bytesPerSecond", report.BytesPerSecond);
            json.WriteNumber("progress", Math.Round(report.Progress, 4));
            json.WriteNumber("elapsedMs", (long)report.Elapsed.TotalMilliseconds);
            if (report.Remaining is { } left) json.WriteNumber("remainingMs", (long)left.TotalMilliseconds);
            json.WriteString("waiting", report.Waiting);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNodes("silent", Silent(nodes));
    });
}
