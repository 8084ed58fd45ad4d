using System.CommandLine;
using Dynamo.Bench.Compare;
using Dynamo.Bench.DData;
using Dynamo.Bench.Floor;
using Dynamo.Bench.Load;
using Dynamo.Bench.Processes;
using Dynamo.Bench.Product;
using Dynamo.Remoting;

namespace Dynamo.Bench;

/// <summary>Hidden commands with which the driver starts child processes: `node SYSTEM` and `client SYSTEM ADDRESS…`.</summary>
internal static class ChildCommands
{
    public static IEnumerable<Command> Create()
    {
        var system = new Argument<string>("system");
        var addresses = new Argument<string[]>("addresses");
        var valueBytes = CompareCommand.Number("--value-bytes", "", 100, 1, 1 << 20);
        var build = new Option<string>("--build") { DefaultValueFactory = _ => "" };
        var engine = new Option<string>("--engine") { DefaultValueFactory = _ => "memory" };

        var node = new Command("node") { system, valueBytes, build, engine };
        node.Hidden = true;
        node.SetAction((parsed, _) => NodeAsync(parsed.GetValue(system)!, parsed.GetValue(valueBytes), parsed.GetValue(build)!, parsed.GetValue(engine)!));
        yield return node;

        var client = new Command("client") { system, addresses, valueBytes, build };
        client.Hidden = true;
        client.SetAction((parsed, _) => ClientAsync(parsed.GetValue(system)!, parsed.GetValue(addresses)!, parsed.GetValue(valueBytes), parsed.GetValue(build)!));
        yield return client;
    }

    private static Task NodeAsync(string system, int valueBytes, string build, string engine)
    {
        switch (system)
        {
            case "ddata": return DDataNode.RunAsync(Console.In, Console.Out);
            case "dynamo": return ProductNodes.RunAsync(build, engine, Console.In, Console.Out);
            default:
                FloorNode.Run(valueBytes, syncs: system == "floor-fsync", Console.In, Console.Out);
                return Task.CompletedTask;
        }
    }

    private static Task ClientAsync(string system, string[] addresses, int valueBytes, string build) => system switch
    {
        "ddata" => ClientProcess.RunAsync(() => DDataTarget.ConnectAsync(addresses), valueBytes, Console.In, Console.Out),
        "dynamo" => ProductClientAsync(build, addresses, valueBytes),
        _ => ClientProcess.RunAsync(() => Task.FromResult<ITarget>(new FloorTarget(addresses.Select(int.Parse), valueBytes)), valueBytes, Console.In, Console.Out),
    };

    // Same as the product's own programs: continuations of requests never block here.
    private static Task ProductClientAsync(string build, string[] addresses, int valueBytes)
    {
        InlineCompletions.Enable();
        return BuildLoader.RunAsync(build, addresses, valueBytes);
    }
}
