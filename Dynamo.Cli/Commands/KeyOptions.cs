using System.CommandLine;
using Dynamo.Cli.Options;
using Dynamo.Cli.Shared;
using Dynamo.Client;

namespace Dynamo.Cli.Commands;

/// <summary>What put, get and delete have in common: the key, the quorum, the contacts.</summary>
internal sealed class KeyOptions
{
    private readonly Argument<string> _key = new("key") { Description = "The key, as text (or as hex with --hex)." };
    private readonly Option<bool> _hex = new("--hex") { Description = "The key is given in hex, for keys that are not text." };
    private readonly Option<string?> _bucket = CommandLine.Bucket();
    private readonly Option<string> _dir = CommandLine.Dir();
    private readonly Option<string[]> _contact = CommandLine.Contact();
    private readonly Option<TimeSpan?> _timeout = CommandLine.Timeout();
    private readonly Option<int?> _n = CommandLine.Number("--n", "Replicas of the key, for this request.");
    private readonly Option<int?> _r = CommandLine.Number("--r", "Replicas that must answer a read.");
    private readonly Option<int?> _w = CommandLine.Number("--w", "Nodes that must take a write.");
    private readonly Option<int?> _pr = CommandLine.Number("--pr", "Of those that answer a read, how many must be primaries.");
    private readonly Option<int?> _pw = CommandLine.Number("--pw", "Of those that take a write, how many must be primaries.");
    private readonly Option<int?> _dw = CommandLine.Number("--dw", "Of those that take a write, how many must have it on disk.");

    public Option<bool> Json { get; } = CommandLine.Json();

    public Command AddTo(Command command)
    {
        command.Arguments.Insert(0, _key);
        foreach (var option in new Option[] { _hex, _bucket, _r, _w, _n, _pr, _pw, _dw, _timeout, _contact, _dir, Json }) command.Options.Add(option);
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

    public RequestSettings Settings(ParseResult parsed) => new(
        parsed.GetValue(_n), parsed.GetValue(_r), parsed.GetValue(_w), parsed.GetValue(_pr), parsed.GetValue(_pw), parsed.GetValue(_dw));

    public DynamoClientOptions Client(ParseResult parsed) => CommandLine.ClientOptions(parsed, _dir, _contact, _timeout);
}
