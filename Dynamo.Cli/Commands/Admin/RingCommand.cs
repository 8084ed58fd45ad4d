using System.CommandLine;
using Dynamo.Cli.Output;
using Dynamo.Cli.Shared;
using Dynamo.Client.Admin;
using Dynamo.Core.Ring;

namespace Dynamo.Cli.Commands.Admin;

/// <summary>`dynamo admin ring`.</summary>
internal static class RingCommand
{
    public static Command Create()
    {
        var node = new Argument<string?>("node") { Description = "Only the partitions of this node.", Arity = ArgumentArity.ZeroOrOne };
        return AdminCall.Make(new Command("ring", "Shows the current and future owners of each partition, and which are at risk.") { node }, async call =>
        {
            var cluster = await call.ClusterAsync();
            var only = call.Get(node) is { } name ? AdminCall.Members(cluster, [name])[0].Id : (NodeId?)null;
            var shown = Enumerable.Range(0, cluster.Ring.PartitionCount).Where(p => only is not { } id || cluster.Ring.IsOwner(id, p)).ToArray();
            var risks = cluster.Risks.ToDictionary(r => r.Partition);
            if (call.IsJson) PrintJson(cluster.Ring, risks, shown);
            else PrintTable(cluster.Ring, risks, shown);
            return ExitCodes.Done;
        });
    }

    private static void PrintTable(RingInfo ring, Dictionary<int, PartitionAtRisk> risks, int[] shown)
    {
        Console.Out.WriteLine($"ring epoch {ring.Epoch}: {ring.PartitionCount} partitions of {ring.Replicas} replicas on {ring.NodeCount} nodes");
        var table = Tables.New(("partition", true), ("first token", false), ("owners", false), ("incoming", false), ("risk", false));
        foreach (var p in shown)
        {
            table.Add(
                p.ToString(), ring.FirstToken(p), string.Join(' ', ring.Owners(p)), string.Join(' ', ring.Incoming(p)),
                risks.TryGetValue(p, out var risk) ? $"{risk.Nodes} nodes in {risk.Zones} zones" : "");
        }
        Tables.Print(table);
        Console.Out.WriteLine($"{shown.Length} partitions shown, {shown.Count(p => !ring.IsMoved(p))} still to move, {shown.Count(risks.ContainsKey)} at risk");
    }

    private static void PrintJson(RingInfo ring, Dictionary<int, PartitionAtRisk> risks, int[] shown) => JsonLine.Print(json =>
    {
        json.WriteNumber("epoch", ring.Epoch);
        json.WriteNumber("partitions", ring.PartitionCount);
        json.WriteNumber("replicas", ring.Replicas);
        json.WriteBoolean("settled", ring.IsSettled);
        json.WriteStartArray("table");
        foreach (var p in shown)
        {
            json.WriteStartObject();
            json.WriteNumber("partition", p);
            json.WriteNodes("owners", ring.Owners(p));
            json.WriteNodes("toCome", ring.Incoming(p));
            json.WriteBoolean("atRisk", risks.ContainsKey(p));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });
}
