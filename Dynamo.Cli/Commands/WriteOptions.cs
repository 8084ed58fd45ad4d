using System.CommandLine;
using Dynamo.Cli.Shared;
using Dynamo.Client;

namespace Dynamo.Cli.Commands;

/// <summary>Where a write's context comes from: read first, given, or none.</summary>
internal sealed class WriteOptions
{
    private readonly Option<string?> _context = new("--context") { Description = "What the write replaces: the context of a get or put of this key. Default: it is read first." };
    private readonly Option<bool> _blind = new("--blind") { Description = "Replace nothing: the write is kept beside whatever is there." };
    private readonly Option<bool> _resend = new("--resend")
    {
        Description = "When a node does not answer, send the write to the next one too. Should it have been stored and replaced already, its value is back as a sibling.",
    };

    public Command AddTo(Command command)
    {
        command.Options.Add(_context);
        command.Options.Add(_blind);
        command.Options.Add(_resend);
        return command;
    }

    public DynamoClientOptions Over(ParseResult parsed, DynamoClientOptions options) => options with { ResendsPuts = parsed.GetValue(_resend) };

    public async Task<DynamoContext> ContextAsync(ParseResult parsed, DynamoClient dynamo, DynamoKey key, RequestSettings settings, CancellationToken cancellation)
    {
        var given = parsed.GetValue(_context);
        if (given is not null && parsed.GetValue(_blind)) throw new UsageException("--context and --blind exclude each other");
        if (parsed.GetValue(_blind)) return DynamoContext.None;
        if (given is not null) return DynamoContext.Parse(given);
        try
        {
            return (await dynamo.GetAsync(key, settings, cancellation)).Context;
        }
        catch (DynamoException e) when (e is DynamoQuorumException or DynamoUnavailableException or DynamoOverloadedException)
        {
            throw new FailedException($"the key's context is read first, and that failed: {e.Message}. Nothing was written; --context or --blind write without reading");
        }
    }
}
