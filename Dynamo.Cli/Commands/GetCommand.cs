using System.CommandLine;
using System.Text;
using Dynamo.Cli.Options;
using Dynamo.Cli.Output;
using Dynamo.Cli.Shared;
using Dynamo.Client;

namespace Dynamo.Cli.Commands;

/// <summary>`dynamo get`.</summary>
internal static class GetCommand
{
    public static Command Create()
    {
        var key = new KeyOptions();
        var raw = CommandLine.Flag("--raw", "Print only the value's bytes; fails if there are siblings.");
        var command = key.AddTo(new Command("get", "Prints a key's value, or all its siblings.") { raw });
        command.SetAction(async (parsed, cancellation) =>
        {
            // Not disposed: the process exits after the answer, and an orderly shutdown would take longer than the request.
            var dynamo = await DynamoClient.ConnectAsync(await key.ClientAsync(parsed, cancellation), cancellation);
            var got = await dynamo.GetAsync(key.Key(parsed), key.Settings(parsed), cancellation);
            if (parsed.GetValue(key.Json)) PrintJson(key.KeyText(parsed), got);
            else if (!got.IsFound) await Console.Error.WriteLineAsync($"dynamo: not found: {key.KeyText(parsed)}");
            else if (parsed.GetValue(raw)) PrintRaw(got);
            else PrintText(got);
            return got.IsFound ? ExitCodes.Done : ExitCodes.NotFound;
        });
        return command;
    }

    private static void PrintJson(string key, GetResult got) => JsonLine.Print(json =>
    {
        json.WriteString("key", key);
        json.WriteStartArray("values");
        foreach (var value in got.Values) json.WriteBytes(value.Span);
        json.WriteEndArray();
        json.WriteNumber("siblings", got.Values.Count);
        json.WriteString("context", got.Context.ToString());
    });

    private static void PrintText(GetResult got)
    {
        if (got.Values.Count > 1) Console.Out.WriteLine($"{got.Values.Count} siblings, written concurrently; a put resolves them:");
        foreach (var value in got.Values) Console.Out.WriteLine(Encoding.UTF8.GetString(value.Span));
    }

    private static void PrintRaw(GetResult got)
    {
        if (got.Values.Count > 1) throw new FailedException($"the key has {got.Values.Count} siblings: see them without --raw");
        using var output = Console.OpenStandardOutput();
        output.Write(got.Values[0].Span);
    }
}
