using System.CommandLine;
using Dynamo.Cli.Output;
using Dynamo.Cli.Shared;
using Dynamo.Client;
using Dynamo.Client.Admin;
using Dynamo.Core.Ring;

namespace Dynamo.Cli.Commands.Admin;

/// <summary>`dynamo admin hints`.</summary>
internal static class HintsCommand
{
    public static Command Create() =>
        AdminCall.Make(new Command("hints", "Shows how many hints each node keeps for each other node."), async call =>
        {
            var members = AdminCall.Members(await call.ClusterAsync(), []);
            var held = await Task.WhenAll(members.Select(async m => (m.Id, await TryHintsAsync(call, m))));
            if (call.IsJson) PrintJson(held);
            else PrintTable(held);
            return ExitCodes.Done;
        });

    private static async Task<IReadOnlyList<HintCount>?> TryHintsAsync(AdminCall call, MemberInfo member)
    {
        try
        {
            return await call.Admin.HintsAsync(member, call.Timeout, call.Cancellation);
        }
        catch (DynamoUnavailableException)
        {
            return null;
        }
    }

    private static long Sum((NodeId Holder, IReadOnlyList<HintCount>? Hints)[] held) => held.Sum(h => h.Hints?.Sum(f => f.Hints) ?? 0);

    private static void PrintTable((NodeId Holder, IReadOnlyList<HintCount>? Hints)[] held)
    {
        if (Sum(held) > 0)
        {
            var table = Tables.New(("node", false), ("keeps for", false), ("hints", true));
            foreach (var (holder, hints) in held)
                foreach (var hint in hints ?? []) table.Add(holder.Name, hint.Owner.Name, hint.Hints.ToString());
            Tables.Print(table);
        }
        var silent = held.Where(h => h.Hints is null).Select(h => h.Holder).ToArray();
        if (silent.Length > 0) Console.Out.WriteLine($"no answer from {string.Join(", ", silent)}: their hints are not counted");
        Console.Out.WriteLine($"{Sum(held)} hints in all");
    }

    private static void PrintJson((NodeId Holder, IReadOnlyList<HintCount>? Hints)[] held) => JsonLine.Print(json =>
    {
        json.WriteNumber("hints", Sum(held));
        json.WriteStartArray("nodes");
        foreach (var (holder, hints) in held)
        {
            json.WriteStartObject();
            json.WriteString("node", holder.Name);
            json.WriteBoolean("answers", hints is not null);
            json.WriteStartObject("for");
            foreach (var hint in hints ?? []) json.WriteNumber(hint.Owner.Name, hint.Hints);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });
}
