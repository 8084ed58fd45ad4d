using System.CommandLine;
using Dynamo.Cli.Shared;
using Dynamo.Client;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Cli.Commands.Admin;

/// <summary>One run of an administrator's command: its arguments, and the cluster it is about.</summary>
internal sealed class AdminCall(ParseResult parsed, ClusterOptions cluster, DynamoAdmin admin, CancellationToken cancellation)
{
    public DynamoAdmin Admin { get; } = admin;

    public CancellationToken Cancellation { get; } = cancellation;

    public TimeSpan Timeout => cluster.Timeout(parsed);

    /// <summary>Longer when none is given: gossip has to go round.</summary>
    public TimeSpan GossipTimeout => cluster.Timeout(parsed, TimeSpan.FromSeconds(15));

    public bool IsJson => cluster.IsJson(parsed);

    public IReadOnlyList<NodeAddress> Contacts => cluster.Contacts(parsed);

    public static Command Make(Command command, Func<AdminCall, Task<int>> run)
    {
        var cluster = new ClusterOptions();
        cluster.AddTo(command).SetAction(async (parsed, cancellation) =>
        {
            // Not disposed: its answer ends the process, and an orderly end would take longer than the request.
            var admin = DynamoAdmin.Open();
            return await run(new AdminCall(parsed, cluster, admin, cancellation));
        });
        return command;
    }

    public T? Get<T>(Argument<T> argument) => parsed.GetValue(argument);

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    /// <summary>Asks one contact after the other until one answers.</summary>
    /// <exception cref="DynamoUnavailableException">None did.</exception>
    public Task<T> AnyAsync<T>(Func<NodeAddress, Task<T>> ask) => cluster.AnyAsync(parsed, ask);

    /// <summary>A contact that answers, and what it says.</summary>
    /// <inheritdoc cref="AnyAsync"/>
    public Task<(NodeAddress Contact, ClusterDirectory Directory)> FindAsync() =>
        AnyAsync(async contact => (contact, await Admin.DirectoryAsync(contact, Timeout, Cancellation)));

    /// <inheritdoc cref="AnyAsync"/>
    public Task<ClusterDirectory> DirectoryAsync() => AnyAsync(contact => Admin.DirectoryAsync(contact, Timeout, Cancellation));

    /// <summary>What each member says of itself, in their order; null where it does not answer.</summary>
    public Task<NodeStatus?[]> StatusesAsync(IEnumerable<Member> members) =>
        Task.WhenAll(members.Select(m => Admin.TryStatusAsync(m.Address, Timeout, Cancellation)));

    /// <summary>The members that were named, all that are not gone when none was.</summary>
    /// <exception cref="UsageException">There is no member of a name.</exception>
    public static Member[] Members(ClusterDirectory directory, IReadOnlyCollection<string> names)
    {
        var present = directory.State.Present.ToArray();
        if (names.Count == 0) return present;
        return [.. names.Select(name => present.FirstOrDefault(m => m.Id.Name == name) ?? throw Unknown(directory, name, present))];
    }

    private static UsageException Unknown(ClusterDirectory directory, string name, Member[] present)
    {
        var there = $"there are {string.Join(", ", present.Select(m => m.Id))}";
        return directory.State.Members.TryGetValue(new NodeId(name), out var gone)
            ? new UsageException($"node '{name}' {(gone.Status == MemberStatus.Left ? "has left" : "was removed")}: {there}")
            : new UsageException($"no node '{name}': {there}");
    }
}
