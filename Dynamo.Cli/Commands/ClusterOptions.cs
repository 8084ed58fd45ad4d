using System.CommandLine;
using Dynamo.Cli.Options;
using Dynamo.Client;
using Dynamo.Client.Admin;
using Dynamo.Core.Membership;

namespace Dynamo.Cli.Commands;

/// <summary>Options shared by explain, bench and the admin commands: cluster, timeout, output format.</summary>
internal sealed class ClusterOptions
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(3);
    private readonly Option<string> _dir = CommandLine.Dir();
    private readonly Option<string[]> _contact = CommandLine.Contact();
    private readonly Option<string?> _hostname = CommandLine.Hostname();
    private readonly Option<TimeSpan?> _timeout = CommandLine.Timeout();
    private readonly Option<bool> _json = CommandLine.Json();

    public Command AddTo(Command command)
    {
        foreach (var option in new Option[] { _timeout, _contact, _dir, _hostname, _json }) command.Options.Add(option);
        return command;
    }

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    public TimeSpan Timeout(ParseResult parsed, TimeSpan? usual = null) => parsed.GetValue(_timeout) ?? usual ?? Usual;

    /// <summary>Client options without contacts.</summary>
    public DynamoClientOptions Client(ParseResult parsed)
    {
        var options = new DynamoClientOptions();
        return parsed.GetValue(_hostname) is { } hostname ? options with { Hostname = hostname } : options;
    }

    /// <inheritdoc cref="CommandLine.ContactsAsync"/>
    public Task<IReadOnlyList<NodeAddress>> ContactsAsync(ParseResult parsed, CancellationToken cancellation) =>
        CommandLine.ContactsAsync(parsed, _dir, _contact, cancellation);

    /// <summary>Finds a contact that answers, and returns it with its view of the cluster.</summary>
    /// <exception cref="DynamoUnavailableException">No contact answered.</exception>
    public async Task<(NodeAddress Contact, ClusterInfo Cluster)> FindAsync(ParseResult parsed, DynamoAdmin admin, CancellationToken cancellation)
    {
        var timeout = Timeout(parsed);
        var contacts = await ContactsAsync(parsed, cancellation);
        return await Contacts.FirstAsync(contacts, timeout, async contact => (contact, await admin.ClusterAsync(contact, timeout, cancellation)));
    }
}
