using System.CommandLine;
using Dynamo.Cli.Output;
using Dynamo.Cli.Shared;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Cli.Commands.Admin;

/// <summary>`dynamo admin ring`.</summary>
internal static class RingCommand
{
    public static Command Create()
    {
        var node = new Argument<string?>("node") { Description = "Only the partitions of this node.", Arity = ArgumentArity.ZeroOrOne };
        return AdminCall.Make(new Command("ring", "Shows who owns each partition, who is to own it, and which are at risk.") { node }, async call =>
        {
            var directory = await call.DirectoryAsync();
            var only = call.Get(node) is { } name ? AdminCall.Members(directory, [name])[0].Id : (NodeId?)null;
            var ring = directory.State.Ring;
            var shown = Enumerable.Range(0, ring.To.PartitionCount)
                .Where(p => only is not { } id || ring.Serving.Owners[p].Contains(id) || ring.To.Owners[p].Contains(id)).ToArray();
            if (call.IsJson) PrintJson(directory, shown);
            else PrintTable(directory, shown);
            return ExitCodes.Done;
        });
    }

    private static Dictionary<int, PartitionRisk> Risks(ClusterDirectory directory)
    {
        var stays = directory.State.Members.Values.Where(m => m.OwnsOrWill).Select(m => new Claimant(m.Id, m.Weight, m.Zone)).ToArray();
        var wanted = directory.State.MostReplicas(directory.Defaults);
        return Claim.Risks(directory.State.Ring.To.Owners, stays, wanted).ToDictionary(r => r.Partition);
    }

    private static void PrintTable(ClusterDirectory directory, int[] shown)
    {
        var (ring, risks) = (directory.State.Ring, Risks(directory));
        var moving = shown.Count(p => !ring.IsMoved(p));
        Console.Out.WriteLine($"ring epoch {ring.Epoch}: {ring.To.PartitionCount} partitions of {ring.To.Replicas} replicas on {ring.To.Nodes.Count} nodes");
        var table = Tables.New(("partition", true), ("first token", false), ("owners", false), ("to come", false), ("risk", false));
        foreach (var p in shown)
        {
            table.Add(
                p.ToString(), ring.To.Tokens(p).First.ToString(), string.Join(' ', ring.Serving.Owners[p]), string.Join(' ', ring.Incoming(p)),
                risks.TryGetValue(p, out var risk) ? $"{risk.Nodes} nodes in {risk.Zones} zones" : "");
        }
        Tables.Print(table);
        Console.Out.WriteLine($"{shown.Length} partitions shown, {moving} still to move, {shown.Count(risks.ContainsKey)} at risk");
    }

    private static void PrintJson(ClusterDirectory directory, int[] shown) => JsonLine.Print(json =>
    {
        var (ring, risks) = (directory.State.Ring, Risks(directory));
        json.WriteNumber("epoch", ring.Epoch);
        json.WriteNumber("partitions", ring.To.PartitionCount);
        json.WriteNumber("replicas", ring.To.Replicas);
        json.WriteBoolean("settled", ring.IsSettled);
        json.WriteStartArray("table");
        foreach (var p in shown)
        {
            json.WriteStartObject();
            json.WriteNumber("partition", p);
            json.WriteNodes("owners", ring.Serving.Owners[p]);
            json.WriteNodes("toCome", ring.Incoming(p));
            json.WriteBoolean("atRisk", risks.ContainsKey(p));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });
}
