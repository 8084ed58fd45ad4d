using Dynamo.Cli.Output;
using Dynamo.Cli.Shared;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Cli.Commands.Admin;

/// <summary>What is staged, in words; and the answer of the commands that stage.</summary>
internal static class Changes
{
    public const string Next = "'dynamo admin plan' shows what it does, 'dynamo admin commit' does it";

    public static string Sentence(NodeId node, StagedChange change) => change switch
    {
        { Kind: ChangeKind.Join } => $"{node} joins",
        { Kind: ChangeKind.Leave } => $"{node} leaves",
        { Kind: ChangeKind.Replace } => $"{change.By} replaces {node}",
        { Kind: ChangeKind.ForceRemove } => $"{node} is removed by force",
        _ => $"{node}: nothing",
    };

    public static string Word(ChangeKind kind) => kind switch
    {
        ChangeKind.Join => "join",
        ChangeKind.Leave => "leave",
        ChangeKind.Replace => "replace",
        ChangeKind.ForceRemove => "force-remove",
        _ => "",
    };

    /// <summary>Says what is staged now.</summary>
    public static async Task<int> SayAsync(AdminCall call, NodeAddress contact)
    {
        var directory = await call.Admin.DirectoryAsync(contact, call.Timeout, call.Cancellation);
        if (call.IsJson) PrintJson(directory);
        else Console.Out.WriteLine($"staged: {All(directory.State)}; {Next}");
        return ExitCodes.Done;
    }

    public static string All(ClusterState state) => string.Join(", ", state.Staged.Select(s => Sentence(s.Key, s.Value)));

    public static void WriteStaged(this System.Text.Json.Utf8JsonWriter json, ClusterState state)
    {
        json.WriteStartArray("staged");
        foreach (var (node, change) in state.Staged)
        {
            json.WriteStartObject();
            json.WriteString("node", node.Name);
            json.WriteString("change", Word(change.Kind));
            if (change.By is { } by) json.WriteString("by", by.Name);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void PrintJson(ClusterDirectory directory) => JsonLine.Print(json =>
    {
        json.WriteNumber("epoch", directory.State.Ring.Epoch);
        json.WriteStaged(directory.State);
    });
}
