using System.CommandLine;
using Dynamo.Cli.Options;
using Dynamo.Cli.Shared;
using Dynamo.Cli.Shell;
using Dynamo.Client;
using Dynamo.Client.Admin;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Cli.Commands.Admin;

/// <summary>One run of an admin command: its arguments and its cluster.</summary>
internal sealed class AdminCall(ParseResult parsed, ClusterOptions cluster, DynamoAdmin admin, CancellationToken cancellation)
{
    public DynamoAdmin Admin { get; } = admin;

    public CancellationToken Cancellation { get; } = cancellation;

    public TimeSpan Timeout => cluster.Timeout(parsed);

    /// <summary>Like <see cref="Timeout"/>, but with a longer default: gossip must spread first.</summary>
    public TimeSpan GossipTimeout => cluster.Timeout(parsed, TimeSpan.FromSeconds(15));

    public bool IsJson => cluster.IsJson(parsed);

    public Task<IReadOnlyList<NodeAddress>> ContactsAsync() => cluster.ContactsAsync(parsed, Cancellation);

    public static Command Make(Command command, Func<AdminCall, Task<int>> run)
    {
        var cluster = new ClusterOptions();
        cluster.AddTo(command).SetAction(async (parsed, cancellation) =>
        {
            var admin = Connections.Admin(cluster.Client(parsed));
            return await run(new AdminCall(parsed, cluster, admin, cancellation));
        });
        return command;
    }

    public T? Get<T>(Argument<T> argument) => parsed.GetValue(argument);

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    public RequestSettings Get(QuorumFlags quorum) => quorum.Of(parsed);

    /// <inheritdoc cref="ClusterOptions.FindAsync"/>
    public Task<(NodeAddress Contact, ClusterInfo Cluster)> FindAsync() => cluster.FindAsync(parsed, Admin, Cancellation);

    /// <inheritdoc cref="FindAsync"/>
    public async Task<ClusterInfo> ClusterAsync() => (await FindAsync()).Cluster;

    /// <summary>Asks a contact that answers.</summary>
    /// <exception cref="DynamoUnavailableException">No contact answered, or this one did not answer the question.</exception>
    public async Task<T> AnyAsync<T>(Func<NodeAddress, Task<T>> ask) => await ask((await FindAsync()).Contact);

    /// <summary>Gets the status of each member, in order; null for a member that does not answer.</summary>
    public Task<NodeStatus?[]> StatusesAsync(IEnumerable<MemberInfo> members) =>
        Task.WhenAll(members.Select(m => Admin.TryStatusAsync(m.Address, Timeout, Cancellation)));

    /// <summary>The named members; without names, all that are not gone.</summary>
    /// <exception cref="UsageException">A name is not that of a present member.</exception>
    public static MemberInfo[] Members(ClusterInfo cluster, IReadOnlyCollection<string> names)
    {
        var present = cluster.Present.ToArray();
        if (names.Count == 0) return present;
        return [.. names.Select(name => present.FirstOrDefault(m => m.Id.Name == name) ?? throw Unknown(cluster, name, present))];
    }

    private static UsageException Unknown(ClusterInfo cluster, string name, MemberInfo[] present)
    {
        var there = $"there are {string.Join(", ", present.Select(m => m.Id))}";
        return cluster.Find(new NodeId(name)) is { } gone
            ? new UsageException($"node '{name}' {(gone.Status == MemberState.Left ? "has left" : "was removed")}: {there}")
            : new UsageException($"no node '{name}': {there}");
    }
}
