using System.CommandLine;
using System.CommandLine.Parsing;
using Dynamo.Cli.Options;
using Dynamo.Cli.Shared;
using Dynamo.Cli.Shell;

namespace Dynamo.Cli.Commands;

/// <summary>`dynamo shell`.</summary>
internal static class ShellCommand
{
    private static readonly string[] Ends = ["exit", "quit"];

    /// <param name="root">The commands that the shell runs.</param>
    public static Command Create(RootCommand root)
    {
        var dir = CommandLine.Dir();
        var contact = CommandLine.Contact();
        var bucket = CommandLine.Bucket();
        var timeout = new Option<string?>("--timeout") { Description = "Time limit for each request: 500ms, 3s, 1m. Default 3s." };
        var json = CommandLine.Json();
        var command = new Command("shell", "Runs commands line by line over one connection. Reads standard input when that is no terminal.") { bucket, timeout, contact, dir, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var given = new List<(string, string?)> { ("--dir", parsed.GetValue(dir)) };
            foreach (var address in parsed.GetValue(contact) ?? []) given.Add(("--contact", address));
            if (parsed.GetValue(bucket) is { } name) given.Add(("--bucket", name));
            if (parsed.GetValue(timeout) is { } limit) given.Add(("--timeout", limit));
            if (parsed.GetValue(json)) given.Add(("--json", null));
            Connections.AreKept = true;
            return await RunAsync(root, new ShellLines(root), given, cancellation);
        });
        return command;
    }

    /// <returns>The exit status of the last command, as a shell's.</returns>
    private static async Task<int> RunAsync(RootCommand root, ShellLines lines, IReadOnlyList<(string Name, string? Value)> given, CancellationToken cancellation)
    {
        for (var status = ExitCodes.Done; ;)
        {
            if (await lines.NextAsync(cancellation) is not { } line) return status;
            string[] words = [.. CommandLineParser.SplitCommandLine(line)];
            if (words.Length == 0 || words[0].StartsWith('#')) continue;
            if (Ends.Contains(words[0])) return status;
            if (words[0] == "help") words = [.. words[1..], "--help"];
            if (words[0] == "shell")
            {
                Console.Error.WriteLine("dynamo: this is a shell already");
                status = ExitCodes.BadUsage;
                continue;
            }
            using var running = lines.Running(cancellation);
            status = await Invocation.RunAsync(root, [.. words, .. Defaults(root, words, given)], running.Token);
        }
    }

    // The shell's own options are those of each command that has them, unless the line says otherwise.
    private static IEnumerable<string> Defaults(RootCommand root, string[] words, IReadOnlyList<(string Name, string? Value)> given)
    {
        var options = Invocation.Parse(root, words).CommandResult.Command.Options.Select(o => o.Name).ToHashSet();
        foreach (var (name, value) in given)
        {
            if (!options.Contains(name) || words.Contains(name)) continue;
            yield return name;
            if (value is not null) yield return value;
        }
    }
}
