using Dynamo.Cli.Output;
using Dynamo.Cli.Shared;
using Dynamo.Client.Admin;
using Dynamo.Core.Membership;

namespace Dynamo.Cli.Commands.Admin;

/// <summary>Describes staged changes, and prints the answer of the commands that stage them.</summary>
internal static class Changes
{
    public const string Next = "'dynamo admin plan' shows the effect, 'dynamo admin commit' carries it out";

    public static string Sentence(StagedInfo staged) => staged.Change switch
    {
        RingChange.Join => $"{staged.Node} joins",
        RingChange.Leave => $"{staged.Node} leaves",
        RingChange.Replace => $"{staged.By} replaces {staged.Node}",
        RingChange.ForceRemove => $"{staged.Node} is removed by force",
        _ => $"{staged.Node}: nothing",
    };

    public static string Word(RingChange change) => change switch
    {
        RingChange.Join => "join",
        RingChange.Leave => "leave",
        RingChange.Replace => "replace",
        RingChange.ForceRemove => "force-remove",
        _ => "",
    };

    /// <summary>Prints the changes that are staged now.</summary>
    public static async Task<int> SayAsync(AdminCall call, NodeAddress contact)
    {
        var cluster = await call.Admin.ClusterAsync(contact, call.Timeout, call.Cancellation);
        if (call.IsJson) PrintJson(cluster);
        else Console.Out.WriteLine($"staged: {All(cluster)}; {Next}");
        return ExitCodes.Done;
    }

    public static string All(ClusterInfo cluster) => string.Join(", ", cluster.Staged.Select(Sentence));

    public static void WriteStaged(this System.Text.Json.Utf8JsonWriter json, ClusterInfo cluster)
    {
        json.WriteStartArray("staged");
        foreach (var (node, change, by) in cluster.Staged)
        {
            json.WriteStartObject();
            json.WriteString("node", node.Name);
            json.WriteString("change", Word(change));
            if (by is { } successor) json.WriteString("by", successor.Name);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void PrintJson(ClusterInfo cluster) => JsonLine.Print(json =>
    {
        json.WriteNumber("epoch", cluster.Ring.Epoch);
        json.WriteStaged(cluster);
    });
}
