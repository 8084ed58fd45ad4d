using System.CommandLine;
using System.Text.Json;
using Dynamo.Cli.Options;
using Dynamo.Cli.Output;
using Dynamo.Cli.Shared;
using Dynamo.Client.Admin;

namespace Dynamo.Cli.Commands.Admin;

/// <summary>`dynamo admin plan`.</summary>
internal static class PlanCommand
{
    private const int MaxNamed = 10;

    public static Command Create()
    {
        var owners = CommandLine.Flag("--owners", "Show current and future owners of each partition whose owners change. JSON always includes them.");
        return AdminCall.Make(new Command("plan", "Shows what a commit of the staged changes would do: shares, moves, risks, time.") { owners }, async call =>
        {
            var (contact, cluster) = await call.FindAsync();
            var plan = await call.Admin.PlanAsync(contact, call.Timeout, call.Cancellation);
            if (call.IsJson) PrintJson(cluster, plan);
            else
            {
                if (call.Get(owners)) PrintOwners(plan);
                PrintTable(cluster, plan);
            }
            return ExitCodes.Done;
        });
    }

    private static void PrintTable(ClusterInfo cluster, PlanReport plan)
    {
        if (Changes.All(cluster) is { Length: > 0 } staged) Console.Out.WriteLine($"staged: {staged}");
        var table = Tables.New(("node", false), ("change", false), ("partitions", true), ("after", true), ("share", true), ("receives", true), ("bytes", true));
        foreach (var share in plan.Shares)
        {
            table.Add(
                share.Node.Name, Changes.Word(share.Change), share.Before.ToString(), share.After.ToString(), $"{100 * share.Share:0.0} %",
                share.Receives.ToString(), Human.Bytes(share.Bytes));
        }
        Tables.Print(table);
        Console.Out.WriteLine(
            $"{plan.Moves} replicas of {plan.PartitionsMoved} partitions move: about {Human.Bytes(plan.Bytes)} "
            + $"(minimum for these shares: {Human.Bytes(plan.MinBytes)}), about {Human.Duration(plan.ExpectedTime)}");
        if (plan.Risks.Count > 0) Console.Out.WriteLine(Risks(plan));
        if (plan.Lost.Count > 0) Console.Out.WriteLine($"no owner left, so their data is lost: {plan.Lost.Count} partitions: {Some(plan.Lost)}");
        if (plan.Removed.Count > 0) Console.Out.WriteLine($"hand nothing over, so data that only they hold is lost: {Removed(plan)}");
        if (plan.Silent.Count > 0) Console.Out.WriteLine($"no answer from {string.Join(", ", plan.Silent)}: data that only they hold is not transferred");
        Console.Out.WriteLine($"plan {plan.Id} on epoch {plan.BaseEpoch}: 'dynamo admin commit' carries it out, 'dynamo admin clear' takes it back");
    }

    private static string Risks(PlanReport plan)
    {
        var named = Some([.. plan.Risks.Select(r => $"{r.Partition} ({r.Nodes} nodes in {r.Zones} zones)")]);
        return $"at risk afterwards, on fewer nodes or zones than they have replicas: {plan.Risks.Count} partitions: {named}";
    }

    private static string Removed(PlanReport plan) => string.Join(
        ", ", plan.Removed.Select(n => plan.Shares.Any(s => s.Node == n && s.Change == RingChange.Replace) ? $"{n} (replaced, and does not answer)" : $"{n} (removed)"));

    private static string Some<T>(IReadOnlyList<T> all) => string.Join(", ", all.Take(MaxNamed)) + (all.Count > MaxNamed ? ", …" : "");

    private static void PrintOwners(PlanReport plan)
    {
        var table = Tables.New(("partition", true), ("owners", false), ("afterwards", false));
        foreach (var (partition, now, afterwards) in plan.Owners) table.Add(partition.ToString(), string.Join(", ", now), string.Join(", ", afterwards));
        Tables.Print(table);
    }

    private static void PrintJson(ClusterInfo cluster, PlanReport plan) => JsonLine.Print(json =>
    {
        json.WriteString("plan", plan.Id);
        json.WriteNumber("baseEpoch", plan.BaseEpoch);
        json.WriteStaged(cluster);
        json.WriteStartArray("nodes");
        foreach (var share in plan.Shares)
        {
            json.WriteStartObject();
            json.WriteString("node", share.Node.Name);
            json.WriteString("change", Changes.Word(share.Change));
            json.WriteNumber("before", share.Before);
            json.WriteNumber("after", share.After);
            json.WriteNumber("share", Math.Round(share.Share, 4));
            json.WriteNumber("receives", share.Receives);
            json.WriteNumber("bytes", share.Bytes);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("moves", plan.Moves);
        json.WriteNumber("bytes", plan.Bytes);
        json.WriteNumber("leastBytes", plan.MinBytes);
        json.WriteNumber("expectedMs", (long)plan.ExpectedTime.TotalMilliseconds);
        WriteDangers(json, plan);
        json.WriteStartArray("owners");
        foreach (var (partition, now, afterwards) in plan.Owners)
        {
            json.WriteStartObject();
            json.WriteNumber("partition", partition);
            json.WriteNodes("owners", now);
            json.WriteNodes("afterwards", afterwards);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNodes("removed", plan.Removed);
        json.WriteNodes("silent", plan.Silent);
    });

    private static void WriteDangers(Utf8JsonWriter json, PlanReport plan)
    {
        json.WriteStartArray("risks");
        foreach (var risk in plan.Risks)
        {
            json.WriteStartObject();
            json.WriteNumber("partition", risk.Partition);
            json.WriteNumber("nodes", risk.Nodes);
            json.WriteNumber("zones", risk.Zones);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("lost");
        foreach (var partition in plan.Lost) json.WriteNumberValue(partition);
        json.WriteEndArray();
    }
}
