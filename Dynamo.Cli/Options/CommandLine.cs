using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Dynamo.Cli.Local;
using Dynamo.Cli.Shared;
using Dynamo.Client;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;

namespace Dynamo.Cli.Options;

/// <summary>Options shared by several commands.</summary>
internal static class CommandLine
{
    public static Option<string> Dir()
    {
        var dir = new Option<string>("--dir") { Description = "The cluster's folder.", DefaultValueFactory = _ => ".dynamo" };
        dir.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: "" }]) result.AddError("--dir is empty: name a folder.");
        });
        return dir;
    }

    public static Option<string[]> Contact() => new("--contact")
    {
        Description = "host:port of a node; repeatable. Default: the nodes of the cluster in --dir.",
    };

    public static Option<bool> Json() => Flag("--json", "Print JSON.");

    /// <summary>An option without a value: a "true" or "false" that follows is the next word.</summary>
    public static Option<bool> Flag(string name, string description, params string[] aliases) =>
        new(name, aliases) { Description = description, Arity = ArgumentArity.Zero };

    public static Option<string?> Hostname()
    {
        var hostname = new Option<string?>("--hostname")
        {
            Description = "The name by which nodes' logs show this client. Nodes never dial it. Default: 127.0.0.1.",
        };
        hostname.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var name }] && Uri.CheckHostName(name) == UriHostNameType.Unknown)
                result.AddError($"--hostname {name} is no host name or IP address.");
        });
        return hostname;
    }

    public static Option<TimeSpan?> Timeout() => new("--timeout")
    {
        Description = "Time limit for a request: 500ms, 3s, 1m. Default 3s.",
        CustomParser = argument => ParseDuration(argument, "--timeout"),
    };

    /// <param name="description">Says whose life it is.</param>
    public static Option<TimeSpan?> Ttl(string description) => new("--ttl")
    {
        Description = description,
        CustomParser = argument => ParseTtl(argument),
    };

    public static Option<string?> Bucket() => new("--bucket") { Description = "The bucket. Default: 'default'." };

    public static Option<int?> Number(string name, string description) => new(name) { Description = description };

    /// <summary>The given contacts by the addresses that the nodes there have for themselves, or the nodes of the cluster in the folder.</summary>
    /// <exception cref="UsageException">There are no contacts, or one is not an address.</exception>
    public static async Task<IReadOnlyList<NodeAddress>> ContactsAsync(
        ParseResult parsed, Option<string> dir, Option<string[]> contact, CancellationToken cancellation)
    {
        if (parsed.GetValue(contact) is { Length: > 0 } given) return await Contacts.OwnAddressesAsync([.. given.Select(Address)], cancellation);
        var folder = new ClusterFolder(parsed.GetValue(dir)!);
        return folder.Load() is { } cluster
            ? [.. cluster.Present.OrderByDescending(NodeProcesses.IsRunning).Select(n => Address(n.Address))]
            : throw new UsageException($"there is no cluster in {folder.Path}: start one with 'dynamo up', or name a node with --contact host:port");
    }

    /// <summary>Describes the error in a command line; for an unknown command, lists the known ones.</summary>
    public static string Mistake(ParseResult parsed)
    {
        var commands = parsed.CommandResult.Command.Subcommands;
        if (commands.Count == 0) return WithoutTypes(parsed.Errors[0].Message);
        var known = string.Join(", ", commands.Select(c => c.Name));
        return parsed.UnmatchedTokens.Count > 0 ? $"'{parsed.UnmatchedTokens[0]}' is not a command: there are {known}." : $"a command is wanted: {known}.";
    }

    // The parser's messages name .NET types and span lines; keep only the useful part.
    private static string WithoutTypes(string message)
    {
        var line = message.ReplaceLineEndings(" ").Trim();
        var type = line.IndexOf(" as expected type", StringComparison.Ordinal);
        return type < 0 ? line : $"{line[..type]}.";
    }

    /// <summary>The command as given, without its arguments.</summary>
    public static string Of(ParseResult parsed)
    {
        var words = new List<string>();
        for (SymbolResult? at = parsed.CommandResult; at is CommandResult command; at = at.Parent)
            words.Insert(0, at.Parent is null ? "dynamo" : command.Command.Name);
        return string.Join(' ', words);
    }

    public static TimeSpan? ParseDuration(ArgumentResult argument, string option)
    {
        var text = argument.Tokens.Count == 1 ? argument.Tokens[0].Value : "";
        var digits = text.TrimEnd('m', 's');
        double? scale = text[digits.Length..] switch { "ms" => 1, "s" or "" => 1000, "m" => 60_000, _ => null };
        if (scale is { } unit && double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number * unit is >= 1 and <= 3_600_000)
            return TimeSpan.FromMilliseconds(number * unit);
        argument.AddError($"{option} {text} is not a duration from 1ms to 60m.");
        return null;
    }

    // Zero: never.
    private static TimeSpan? ParseTtl(ArgumentResult argument)
    {
        var text = argument.Tokens.Count == 1 ? argument.Tokens[0].Value : "";
        if (text == "never") return TimeSpan.Zero;
        var digits = text.TrimEnd('m', 's', 'h', 'd');
        double? scale = text[digits.Length..] switch { "ms" => 1, "s" => 1000, "m" => 60_000, "h" => 3_600_000, "d" => 86_400_000, _ => null };
        if (scale is { } unit && double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number * unit is >= BucketOptions.MinTtlMs and <= BucketOptions.MaxTtlMs) return TimeSpan.FromMilliseconds(number * unit);
        argument.AddError($"--ttl {text} is not a time from 1s to 36500d, with ms, s, m, h or d, or never.");
        return null;
    }

    /// <exception cref="UsageException">The text is not an address.</exception>
    public static NodeAddress Address(string text)
    {
        try
        {
            return NodeAddress.Parse(text);
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message);
        }
    }
}
