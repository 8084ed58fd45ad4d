using System.CommandLine;
using Dynamo.Cli.Options;
using Dynamo.Cli.Output;
using Dynamo.Cli.Shared;
using Dynamo.Cli.Shell;
using Dynamo.Client;
using Dynamo.Client.Admin;
using Spectre.Console;

namespace Dynamo.Cli.Commands;

/// <summary>`dynamo explain`.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var key = new Argument<string>("key") { Description = "The key, as text." };
        var bucket = CommandLine.Bucket();
        var cluster = new ClusterOptions();
        var command = cluster.AddTo(new Command("explain", "Shows where a key lives, what each replica holds, and what a get would answer and why.") { key, bucket });
        command.SetAction(async (parsed, cancellation) =>
        {
            var admin = Connections.Admin(cluster.Client(parsed));
            var name = new DynamoKey(parsed.GetValue(key)!, parsed.GetValue(bucket) ?? "default");
            var (contact, _) = await cluster.FindAsync(parsed, admin, cancellation);
            var explained = await admin.ExplainAsync(contact, name, cluster.Timeout(parsed), cancellation);
            if (cluster.IsJson(parsed)) PrintJson(explained);
            else PrintText(explained);
            return ExitCodes.Done;
        });
        return command;
    }

    private static void PrintText(Explanation explained)
    {
        Console.Out.WriteLine($"key {explained.Key}: token {explained.Token}, partition {explained.Partition}, N = {explained.N}, R = {explained.R}");
        var table = Tables.New(("node", false), ("role", false), ("state", false), ("siblings", true), ("tombstones", true), ("hints for", false), ("last repair", false), ("clock", false));
        foreach (var replica in explained.Replicas) table.AddRow(Row(replica).Select(Markup.Escape).ToArray());
        Tables.Print(table);
        Console.Out.WriteLine(explained.AreReplicasEqual ? "All replicas are equal." : "Not all replicas are known to be equal.");
        foreach (var word in explained.Words) Console.Out.WriteLine(word);
    }

    private static string[] Row(ReplicaExplanation replica)
    {
        var state = replica.Report is null ? "no answer" : replica.IsBelievedDown ? "believed down" : "up";
        if (replica.Report is not { } report) return [replica.Node.Name, Role(replica), state, "-", "-", "-", "-", "-"];
        return
        [
            replica.Node.Name, Role(replica), state, report.Siblings.Count(s => !s.IsTombstone).ToString(), report.Siblings.Count(s => s.IsTombstone).ToString(),
            string.Join(", ", report.HintsFor), LastRepair(report), report.Clock.Length > 0 ? report.Clock : "(nothing)",
        ];
    }

    private static string Role(ReplicaExplanation replica) => replica.IsPrimary ? "primary" : "other";

    private static string LastRepair(ReplicaReport report) =>
        report.LastRepairAge is { } age ? $"{age.TotalSeconds:0.0} s ago, {Cause(report.LastRepair)}" : "none";

    private static string Cause(RepairCause cause) => cause switch
    {
        RepairCause.ReadRepair => "read repair",
        RepairCause.Hint => "hint",
        RepairCause.AntiEntropy => "anti-entropy",
        _ => "transfer",
    };

    private static void PrintJson(Explanation explained) => JsonLine.Print(json =>
    {
        json.WriteString("key", explained.Key);
        json.WriteString("token", explained.Token);
        json.WriteNumber("partition", explained.Partition);
        json.WriteNumber("n", explained.N);
        json.WriteNumber("r", explained.R);
        json.WriteBoolean("equal", explained.AreReplicasEqual);
        json.WriteStartArray("replicas");
        foreach (var replica in explained.Replicas)
        {
            json.WriteStartObject();
            json.WriteString("node", replica.Node.Name);
            json.WriteString("role", Role(replica));
            json.WriteBoolean("answers", replica.Report is not null);
            json.WriteBoolean("believedDown", replica.IsBelievedDown);
            if (replica.Report is { } report)
            {
                json.WriteString("clock", report.Clock);
                json.WriteNumber("siblings", report.Siblings.Count(s => !s.IsTombstone));
                json.WriteNumber("tombstones", report.Siblings.Count(s => s.IsTombstone));
                json.WriteStartArray("hintsFor");
                foreach (var owner in report.HintsFor) json.WriteStringValue(owner.Name);
                json.WriteEndArray();
                json.WriteString("lastRepair", LastRepair(report));
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("words");
        foreach (var word in explained.Words) json.WriteStringValue(word);
        json.WriteEndArray();
    });
}
