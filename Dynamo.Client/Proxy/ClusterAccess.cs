using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Tools.Client;
using Dynamo.Core.Calls;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Client.Proxy;

/// <summary>The proxy's knowledge of the cluster, and its questions to the nodes: for the directory, through ClusterClient or directly, and probes.</summary>
internal sealed class ClusterAccess(ExtendedActorSystem system, DynamoClientOptions options, Random random, IActorRef proxy)
{
    private readonly DirectoryQuestions _questions = new(random, options.Contacts);
    private readonly Dictionary<NodeId, IActorRef> _coordinators = [];
    private IActorRef _entrance = ActorRefs.Nobody;

    public Router Router { get; } = new(options.AttemptTimeout, backOff: options.AttemptTimeout * 2);

    /// <summary>Null: no node has described the cluster yet.</summary>
    public ClusterDirectory? Directory { get; private set; }

    /// <summary>Opens the way to the contacts. The entrance is a child of the proxy.</summary>
    public void Open(IUntypedActorContext context)
    {
        var contacts = options.Contacts.Select(c => NodePaths.ContactPoint(system.Provider.DefaultAddress, c)).ToImmutableHashSet();
        _entrance = context.ActorOf(ClusterClient.Props(ClusterClientSettings.Create(system).WithInitialContacts(contacts)), "entrance");
    }

    public void AskDirectory(TimeSpan now)
    {
        var (byContacts, nodes) = _questions.Ask(Router, now);
        if (byContacts) _entrance.Tell(new ClusterClient.Send($"/user/{NodePaths.Root}/{NodePaths.Gossiper}", Question(), true), proxy);
        foreach (var address in nodes) Ask(address);
    }

    /// <summary>Asks more nodes after a request that failed for want of answers: the one that it went to may be cut off from the others.</summary>
    public void Doubt(TimeSpan now)
    {
        foreach (var address in _questions.Failed(Router, now)) Ask(address);
    }

    /// <summary>Asks again after replies that were made in another state of the cluster, unless that was a moment ago.</summary>
    public void Seen(ulong stateHash, TimeSpan now)
    {
        _questions.Used();
        if (Directory is { } directory && directory.StateHash != stateHash && _questions.IsTime(now)) AskDirectory(now);
    }

    /// <summary>Asks nodes that requests avoid whether they are back. The directory is what every node that serves can tell.</summary>
    public void Probe(TimeSpan now)
    {
        foreach (var node in Router.Reach.Probes(now))
            if (Router.State!.Members.TryGetValue(node, out var member)) Ask(member.Address);
    }

    /// <returns>False when the client knows better.</returns>
    public bool TryUse(ClusterDirectory directory)
    {
        _questions.Answered();
        var isUsed = Router.TryUse(directory.Node, directory.State, directory.Unreachable);
        Router.Reach.Heard(directory.Node);
        if (!isUsed) return false;
        Directory = directory;
        _coordinators.Clear();
        return true;
    }

    public void Use(DirectoryUnchanged unchanged, IActorRef from)
    {
        _questions.Answered();
        // A node in the client's own process has an address without a host.
        var address = from.Path.Address.Host is null ? system.Provider.DefaultAddress : from.Path.Address;
        if (Router.NodeAt(new NodeAddress(address.Host, address.Port ?? 0)) is not { } node) return;
        Router.Use(node, unchanged.Unreachable);
        Router.Reach.Heard(node);
    }

    /// <summary>Null: the node is no member any more.</summary>
    public IActorRef? CoordinatorOf(NodeId node)
    {
        if (_coordinators.TryGetValue(node, out var known)) return known;
        if (!Directory!.State.Members.TryGetValue(node, out var member) || member.IsGone) return null;
        return _coordinators[node] = NodePaths.Of(system, node, member.Address, NodePaths.Coordinator);
    }

    private void Ask(NodeAddress address) => NodePaths.GossiperAt(system, address).Tell(Question(), proxy);

    private DirectoryRequest Question() => new(Directory?.StateHash ?? 0);
}
