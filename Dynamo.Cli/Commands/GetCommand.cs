using System.CommandLine;
using System.Text;
using Dynamo.Cli.Options;
using Dynamo.Cli.Output;
using Dynamo.Cli.Shared;
using Dynamo.Cli.Shell;
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
            var dynamo = await Connections.ClientAsync(await key.ClientAsync(parsed, cancellation), cancellation);
            var got = await dynamo.GetAsync(key.Key(parsed), key.Settings(parsed), cancellation);
            if (parsed.GetValue(key.Json)) DataText.PrintJson(key.KeyText(parsed), got);
            else if (!got.IsFound) await Console.Error.WriteLineAsync($"dynamo: not found: {key.KeyText(parsed)}");
            else if (parsed.GetValue(raw)) PrintRaw(got);
            else if (Connections.AreKept && ShellLines.IsTerminal && got.Values.Count > 1 && got.Data.Count == 0) await ChooseAsync(dynamo, key, parsed, got, cancellation);
            else PrintText(got);
            return got.IsFound ? ExitCodes.Done : ExitCodes.NotFound;
        });
        return command;
    }

    // Someone sits at the shell: the conflict can be resolved at once.
    private static async Task ChooseAsync(DynamoClient dynamo, KeyOptions key, ParseResult parsed, GetResult got, CancellationToken cancellation)
    {
        ResolveCommand.Show(got);
        if (ResolveCommand.Ask(got.Values.Count) is { } chosen) await ResolveCommand.PutAsync(dynamo, key, parsed, got, chosen, cancellation);
    }

    private static void PrintText(GetResult got)
    {
        var siblings = got.Values.Count + got.Data.Count;
        if (siblings > 1) Console.Out.WriteLine($"{siblings} siblings, written concurrently; a put resolves them:");
        foreach (var value in got.Values) Console.Out.WriteLine(Encoding.UTF8.GetString(value.Span));
        foreach (var data in got.Data) DataText.Print(data);
    }

    private static void PrintRaw(GetResult got)
    {
        if (got.Data.Count > 0) throw new FailedException("the key holds a value of a data type, which has no bytes of its own: see it without --raw");
        if (got.Values.Count > 1) throw new FailedException($"the key has {got.Values.Count} siblings: see them without --raw");
        using var output = Console.OpenStandardOutput();
        output.Write(got.Values[0].Span);
    }
}
