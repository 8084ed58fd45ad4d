using System.CommandLine;
using Dynamo.Cli.Output;
using Dynamo.Cli.Shared;
using Dynamo.Client;
using Dynamo.Core.Membership;

namespace Dynamo.Cli.Commands.Admin;

/// <summary>`dynamo admin ping`.</summary>
internal static class PingCommand
{
    public static Command Create()
    {
        var nodes = new Argument<string[]>("nodes") { Description = "Names of nodes; all when none is given.", Arity = ArgumentArity.ZeroOrMore };
        return AdminCall.Make(new Command("ping", "Measures the round trip to each node; exits 3 if any does not answer.") { nodes }, async call =>
        {
            var asked = await TargetsAsync(call, call.Get(nodes) ?? []);
            // The first round trip opens the connection. The second is measured, one node at a time; a node that did not answer the first has none.
            var first = await Task.WhenAll(asked.Select(n => TryPingAsync(call, n.Address)));
            var trips = new List<(string Name, NodeAddress Address, TimeSpan? Trip)>();
            foreach (var ((name, address), met) in asked.Zip(first)) trips.Add((name, address, met is null ? null : await TryPingAsync(call, address)));
            if (call.IsJson) PrintJson(trips);
            else PrintTable(trips);
            return trips.TrueForAll(t => t.Trip is not null) ? ExitCodes.Done : ExitCodes.Failed;
        });
    }

    // If no node can name the members, fall back to the contacts.
    private static async Task<(string Name, NodeAddress Address)[]> TargetsAsync(AdminCall call, string[] names)
    {
        try
        {
            return [.. AdminCall.Members(await call.ClusterAsync(), names).Select(m => (m.Id.Name, m.Address))];
        }
        catch (DynamoUnavailableException) when (names.Length == 0)
        {
            return [.. (await call.ContactsAsync()).Select(c => ("?", c))];
        }
    }

    private static async Task<TimeSpan?> TryPingAsync(AdminCall call, NodeAddress address)
    {
        try
        {
            return await call.Admin.PingAsync(address, call.Timeout, call.Cancellation);
        }
        catch (DynamoUnavailableException)
        {
            return null;
        }
    }

    private static void PrintTable(List<(string Name, NodeAddress Address, TimeSpan? Trip)> trips)
    {
        var table = Tables.New(("node", false), ("address", false), ("round trip", true));
        foreach (var (name, address, trip) in trips) table.Add(name, address.ToString(), trip is { } t ? $"{t.TotalMilliseconds:0.00} ms" : "no answer");
        Tables.Print(table);
    }

    private static void PrintJson(List<(string Name, NodeAddress Address, TimeSpan? Trip)> trips) => JsonLine.Print(json =>
    {
        json.WriteStartArray("nodes");
        foreach (var (name, address, trip) in trips)
        {
            json.WriteStartObject();
            json.WriteString("node", name);
            json.WriteString("address", address.ToString());
            if (trip is { } t) json.WriteNumber("ms", Math.Round(t.TotalMilliseconds, 3));
            else json.WriteNull("ms");
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });
}
