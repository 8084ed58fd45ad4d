using System.CommandLine;
using Dynamo.Cli.Output;
using Dynamo.Cli.Shared;
using Dynamo.Client;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Cli.Commands.Admin;

/// <summary>`dynamo admin plan`.</summary>
internal static class PlanCommand
{
    private const int MostNamed = 10;

    public static Command Create()
    {
        var owners = new Option<bool>("--owners") { Description = "Show of each partition that changes hands who owns it now, and who afterwards. In JSON they always are." };
        return AdminCall.Make(new Command("plan", "Shows what a commit of the staged changes would do: shares, what moves, risks, time.") { owners }, async call =>
        {
            var (contact, directory) = await call.FindAsync();
            var report = await call.Admin.PlanAsync(contact, call.Timeout, call.Cancellation);
            if (call.IsJson) PrintJson(directory.State, report);
            else
            {
                if (call.Get(owners)) PrintOwners(directory.State.Ring.Serving, report.Plan);
                PrintTable(directory.State, report);
            }
            return ExitCodes.Done;
        });
    }

    public static string IdOf(RingPlan plan) => plan.Id.ToString("x16");

    private static double Share(HashRing ring, int places) => (double)places / Math.Max(1, ring.Owners.Sum(o => o.Length));

    private static void PrintTable(ClusterState state, PlanReport report)
    {
        var plan = report.Plan;
        if (Changes.All(state) is { Length: > 0 } staged) Console.Out.WriteLine($"staged: {staged}");
        var table = Tables.New(("node", false), ("change", false), ("partitions", true), ("after", true), ("share", true), ("receives", true), ("bytes", true));
        foreach (var share in report.Shares)
        {
            table.Add(
                share.Node.Name, Changes.Word(share.Change), share.Before.ToString(), share.After.ToString(), $"{100 * Share(plan.Target, share.After):0.0} %",
                share.Receives.ToString(), Human.Bytes(share.Bytes));
        }
        Tables.Print(table);
        Console.Out.WriteLine(
            $"{plan.Moves.Length} replicas of {plan.Moves.DistinctBy(m => m.Partition).Count()} partitions move: about {Human.Bytes(report.Bytes)} "
            + $"({Human.Bytes(report.LeastBytes)} is the least for these shares), about {Human.Duration(report.ExpectedTime)}");
        if (!plan.Risks.IsEmpty) Console.Out.WriteLine(Risks(plan));
        if (!plan.Lost.IsEmpty) Console.Out.WriteLine($"none of their owners is left, so what they hold is lost: {plan.Lost.Length} partitions: {Some(plan.Lost)}");
        if (Removed(state, plan) is { Length: > 0 } removed) Console.Out.WriteLine($"hands nothing over, so what only it holds is lost: {removed}");
        if (report.Silent.Count > 0) Console.Out.WriteLine($"no answer from {string.Join(", ", report.Silent)}: what only they hold does not travel");
        Console.Out.WriteLine($"plan {IdOf(plan)} upon epoch {plan.BaseEpoch}: 'dynamo admin commit' does it, 'dynamo admin clear' takes it back");
    }

    private static string Risks(RingPlan plan)
    {
        var named = Some([.. plan.Risks.Select(r => $"{r.Partition} ({r.Nodes} nodes in {r.Zones} zones)")]);
        return $"at risk afterwards, with fewer nodes or zones than replicas are wanted: {plan.Risks.Length} partitions: {named}";
    }

    private static string Removed(ClusterState state, RingPlan plan) => string.Join(
        ", ", plan.Removed.Select(n => state.Changes[n].Kind == ChangeKind.Replace ? $"{n} (replaced, and does not answer)" : $"{n} (removed)"));

    private static string Some<T>(IReadOnlyList<T> all) => string.Join(", ", all.Take(MostNamed)) + (all.Count > MostNamed ? ", …" : "");

    private static void PrintOwners(HashRing now, RingPlan plan)
    {
        var table = Tables.New(("partition", true), ("owners", false), ("afterwards", false));
        foreach (var (p, owners) in plan.Target.Owners.Index())
            if (!owners.AsSpan().SequenceEqual(now.Owners[p].AsSpan())) table.Add(p.ToString(), string.Join(", ", now.Owners[p]), string.Join(", ", owners));
        Tables.Print(table);
    }

    private static void PrintJson(ClusterState state, PlanReport report) => JsonLine.Print(json =>
    {
        var plan = report.Plan;
        json.WriteString("plan", IdOf(plan));
        json.WriteNumber("baseEpoch", plan.BaseEpoch);
        json.WriteStaged(state);
        json.WriteStartArray("nodes");
        foreach (var share in report.Shares)
        {
            json.WriteStartObject();
            json.WriteString("node", share.Node.Name);
            json.WriteString("change", Changes.Word(share.Change));
            json.WriteNumber("before", share.Before);
            json.WriteNumber("after", share.After);
            json.WriteNumber("share", Math.Round(Share(plan.Target, share.After), 4));
            json.WriteNumber("receives", share.Receives);
            json.WriteNumber("bytes", share.Bytes);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("moves", plan.Moves.Length);
        json.WriteNumber("bytes", report.Bytes);
        json.WriteNumber("leastBytes", report.LeastBytes);
        json.WriteNumber("expectedMs", (long)report.ExpectedTime.TotalMilliseconds);
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
        json.WriteStartArray("owners");
        var now = state.Ring.Serving.Owners;
        foreach (var (p, owners) in plan.Target.Owners.Index())
        {
            if (owners.AsSpan().SequenceEqual(now[p].AsSpan())) continue;
            json.WriteStartObject();
            json.WriteNumber("partition", p);
            json.WriteNodes("owners", now[p]);
            json.WriteNodes("afterwards", owners);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNodes("removed", plan.Removed);
        json.WriteNodes("silent", report.Silent);
    });
}
