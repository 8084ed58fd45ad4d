using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dynamo.Bench.Load;

namespace Dynamo.Bench.Compare;

/// <summary>`compare`: compares the floor, Akka Distributed Data and the product.</summary>
internal static class CompareCommand
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        WriteIndented = true,
    };

    public static Command Create()
    {
        var systems = new Option<string>("--systems") { Description = $"The systems to run, of {string.Join(", ", Peer.Systems)}.", DefaultValueFactory = _ => "floor,ddata,dynamo" };
        var operations = new Option<string>("--ops") { Description = "put, get or both.", DefaultValueFactory = _ => "put,get" };
        var inFlight = new Option<string>("--in-flight") { Description = "Requests in flight.", DefaultValueFactory = _ => "1,64,256" };
        var rounds = Number("--rounds", "Measurements of each.", 3, 1, 100);
        var seconds = Number("--seconds", "Seconds per measurement.", 5, 1, 3600);
        var warmUp = Number("--warm-up", "Seconds of load on each system before the first measurement.", 20, 0, 3600);
        var valueBytes = Number("--value-bytes", "Bytes of a value.", 100, 1, 1 << 20);
        var builds = new Option<string?>("--dynamo") { Description = $"Builds of the product: folders with a dynamo program, each as PATH or LABEL=PATH; '{Build.Here}' (default) is this tree's build." };
        var json = new Option<bool>("--json") { Description = "Print JSON, with the figures of every round, instead of Markdown tables." };
        var command = new Command("compare", "Measures the systems in turn and prints their ratios.") { systems, operations, inFlight, rounds, seconds, warmUp, valueBytes, builds, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var options = new CompareOptions(
                List("--systems", parsed.GetValue(systems)!, System), List("--ops", parsed.GetValue(operations)!, OperationOf), List("--in-flight", parsed.GetValue(inFlight)!, InFlight),
                parsed.GetValue(rounds), parsed.GetValue(seconds), parsed.GetValue(warmUp), parsed.GetValue(valueBytes),
                parsed.GetValue(builds) is { } given ? Build.ParseAll(given) : Build.Default);
            var outcome = await new Comparison(options, Console.Error).RunAsync(cancellation);
            await Console.Out.WriteLineAsync(parsed.GetValue(json) ? JsonSerializer.Serialize(outcome, Json) : Markdown.Of(outcome, options));
            return 0;
        });
        return command;
    }

    public static Option<int> Number(string name, string description, int usual, int min, int max)
    {
        var option = new Option<int>(name) { Description = $"{description} {min} to {max}.", DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, out var value) && (value < min || value > max)) result.AddError($"{name} {value} is not from {min} to {max}.");
        });
        return option;
    }

    internal static T[] List<T>(string option, string text, Func<string, T> parse)
    {
        var items = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(parse).Distinct().ToArray();
        return items.Length > 0 ? items : throw new UsageException($"{option} is empty");
    }

    private static string System(string name) =>
        Peer.Systems.Contains(name) ? name : throw new UsageException($"--systems {name}: there are {string.Join(", ", Peer.Systems)}");

    private static Operation OperationOf(string name) => name switch
    {
        "put" => Operation.Put,
        "get" => Operation.Get,
        _ => throw new UsageException($"--ops {name}: there are put, get"),
    };

    private static int InFlight(string text) =>
        int.TryParse(text, out var number) && number is >= 1 and <= Keys.Count ? number : throw new UsageException($"--in-flight {text} is not a number from 1 to {Keys.Count}");
}
