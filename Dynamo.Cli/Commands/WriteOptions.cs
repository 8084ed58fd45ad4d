using System.CommandLine;
using Dynamo.Cli.Options;
using Dynamo.Cli.Shared;
using Dynamo.Client;

namespace Dynamo.Cli.Commands;

/// <summary>Options of put and delete: the source of the write's context (read first, given, or none), and resending.</summary>
internal sealed class WriteOptions
{
    private readonly Option<string?> _context = new("--context") { Description = "The context of a get or put of this key: the write replaces what it has seen. Default: read first." };
    private readonly Option<bool> _blind = CommandLine.Flag("--blind", "Replace nothing: keep the write beside existing values.");
    private readonly Option<bool> _ifUnchanged = CommandLine.Flag(
        "--if-unchanged", "Refuse the write if the key holds something that its context has not seen, instead of making a sibling. No lock: see docs/conditional-puts.md.");

    private readonly Option<bool> _resend = CommandLine.Flag(
        "--resend",
        "When a node does not answer, send the write to the next one too. "
        + "If the first had been stored and replaced already, its value reappears as a sibling.");

    public Command AddTo(Command command)
    {
        command.Options.Add(_context);
        command.Options.Add(_blind);
        command.Options.Add(_ifUnchanged);
        command.Options.Add(_resend);
        return command;
    }

    public bool IsIfUnchanged(ParseResult parsed) => parsed.GetValue(_ifUnchanged);

    /// <summary>The write says how it takes what the key holds.</summary>
    public bool IsAny(ParseResult parsed) => parsed.GetValue(_context) is not null || parsed.GetValue(_blind) || parsed.GetValue(_ifUnchanged);

    public DynamoClientOptions Over(ParseResult parsed, DynamoClientOptions options) => options with { ResendsPuts = parsed.GetValue(_resend) };

    public async Task<DynamoContext> ContextAsync(ParseResult parsed, DynamoClient dynamo, DynamoKey key, RequestSettings settings, CancellationToken cancellation)
    {
        var given = parsed.GetValue(_context);
        if (given is not null && parsed.GetValue(_blind)) throw new UsageException("--context and --blind exclude each other");
        if (parsed.GetValue(_blind) && parsed.GetValue(_ifUnchanged)) throw new UsageException("--blind and --if-unchanged exclude each other");
        if (parsed.GetValue(_blind)) return DynamoContext.None;
        if (given is not null) return DynamoContext.Parse(given);
        try
        {
            return (await dynamo.GetAsync(key, settings, cancellation)).Context;
        }
        catch (DynamoException e) when (e is DynamoQuorumException or DynamoUnavailableException or DynamoOverloadedException)
        {
            throw new FailedException($"the key's context could not be read: {e.Message}. Nothing was written; --context or --blind writes without reading");
        }
    }
}
