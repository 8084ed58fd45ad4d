using System.CommandLine;
using Dynamo.Cli.Options;
using Dynamo.Cli.Shared;
using Dynamo.Client;

namespace Dynamo.Cli.Commands;

/// <summary>What put, get and delete have in common: the key, the quorum, the contacts.</summary>
internal sealed class KeyOptions
{
    private readonly Argument<string> _key = new("key") { Description = "The key, as text (or as hex with --hex)." };
    private readonly Option<bool> _hex = CommandLine.Flag("--hex", "The key is given in hex, for keys that are not text.");
    private readonly Option<string?> _bucket = CommandLine.Bucket();
    private readonly Option<string> _dir = CommandLine.Dir();
    private readonly Option<string[]> _contact = CommandLine.Contact();
    private readonly Option<string?> _hostname = CommandLine.Hostname();
    private readonly Option<TimeSpan?> _timeout = CommandLine.Timeout();
    private readonly QuorumFlags _quorum = new();

    public Option<bool> Json { get; } = CommandLine.Json();

    public Command AddTo(Command command)
    {
        command.Arguments.Insert(0, _key);
        foreach (var option in (Option[])[_hex, _bucket, .. _quorum.All, _timeout, _contact, _dir, _hostname, Json]) command.Options.Add(option);
        return command;
    }

    public DynamoKey Key(ParseResult parsed)
    {
        var text = parsed.GetValue(_key)!;
        var bucket = parsed.GetValue(_bucket) ?? "default";
        // This sign replaces bytes from the terminal that are no text: two such keys would be one.
        if (!parsed.GetValue(_hex))
            return text.Contains('\uFFFD') ? throw new UsageException("the key is not UTF-8: give it in hex, with --hex") : new DynamoKey(text, bucket);
        try
        {
            return new DynamoKey(Convert.FromHexString(text), bucket);
        }
        catch (FormatException)
        {
            throw new UsageException($"the key '{text}' is not hex");
        }
    }

    public string KeyText(ParseResult parsed) => parsed.GetValue(_key)!;

    public RequestSettings Settings(ParseResult parsed) => _quorum.Of(parsed);

    /// <inheritdoc cref="CommandLine.ContactsAsync"/>
    public async Task<DynamoClientOptions> ClientAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var options = new DynamoClientOptions { Contacts = [.. await CommandLine.ContactsAsync(parsed, _dir, _contact, cancellation)] };
        if (parsed.GetValue(_hostname) is { } hostname) options = options with { Hostname = hostname };
        return parsed.GetValue(_timeout) is { } limit ? options with { Timeout = limit } : options;
    }
}
