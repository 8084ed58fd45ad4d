using System.CommandLine;
using Dynamo.Cli.Options;
using Dynamo.Client;
using Dynamo.Core.Membership;

namespace Dynamo.Cli.Commands;

/// <summary>Options shared by explain and the admin commands: cluster, timeout, output format.</summary>
internal sealed class ClusterOptions
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(3);
    private readonly Option<string> _dir = CommandLine.Dir();
    private readonly Option<string[]> _contact = CommandLine.Contact();
    private readonly Option<TimeSpan?> _timeout = CommandLine.Timeout();
    private readonly Option<bool> _json = CommandLine.Json();

    public Command AddTo(Command command)
    {
        foreach (var option in new Option[] { _timeout, _contact, _dir, _json }) command.Options.Add(option);
        return command;
    }

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    public TimeSpan Timeout(ParseResult parsed, TimeSpan? usual = null) => parsed.GetValue(_timeout) ?? usual ?? Usual;

    public IReadOnlyList<NodeAddress> Contacts(ParseResult parsed) => CommandLine.Contacts(parsed, _dir, _contact);

    /// <summary>Asks one contact after the other until one answers.</summary>
    /// <exception cref="DynamoUnavailableException">No contact answered.</exception>
    public async Task<T> AnyAsync<T>(ParseResult parsed, Func<NodeAddress, Task<T>> ask)
    {
        var contacts = Contacts(parsed);
        foreach (var contact in contacts)
        {
            try
            {
                return await ask(contact);
            }
            catch (DynamoUnavailableException)
            {
                // Try the next one.
            }
        }
        throw new DynamoUnavailableException($"no node answered at {string.Join(", ", contacts)}");
    }
}
