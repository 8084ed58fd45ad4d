using Akka.Event;
using Dynamo.Actors.Shared;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Actors.Gossip;

/// <summary>What the operator learns of refusals, conflicts and differences: each is logged once, on both sides, counted, and shown in the status for a time.</summary>
internal sealed class Refusals(string cluster, ILoggingAdapter log, WarningBoard warnings)
{
    // A stranger that keeps changing its name must not fill the memory.
    private const int MaxLogged = 1000;
    private const long RefusalShownMs = 60_000;
    private const long ConflictShownMs = 600_000;
    private const long DifferenceShownMs = 3_600_000;
    private readonly HashSet<string> _logged = [];

    /// <summary>The reason to give a peer that this node refuses to gossip with.</summary>
    /// <param name="at">The peer's address; null: it is unknown.</param>
    public string ReasonOf(Refusal kind, Origin from, NodeAddress? at, Member self, ClusterState state) => kind switch
    {
        Refusal.Gone => ReasonOf(state.Members[from.Node]),
        Refusal.OtherSecret => "its secret is not this node's (dynamo.cluster.secret)",
        Refusal.OtherProtocol => $"it speaks version {from.Protocol} of the protocol between nodes, and {NodeProtocol.Oldest} is the oldest that this node speaks: upgrade it",
        Refusal.OutOfReach => ReasonOf(self, from.Node, at!.Value),
        _ => $"its cluster is '{cluster}', not '{from.Cluster}'",
    };

    /// <summary>This node refuses a peer.</summary>
    public void Refused(Refusal kind, Origin from, NodeAddress? at, string reason, long nowMs)
    {
        if (kind == Refusal.Gone) return;
        var of = Named(from.Node, at);
        LogOnce(kind == Refusal.OtherCluster
            ? $"refused gossip from {of} of cluster '{from.Cluster}': this node belongs to '{cluster}' (dynamo.cluster.name, seeds)"
            : $"refused gossip from {of}: {reason}");
        warnings.Raise($"refused {of}", $"{of} is refused: {reason}", nowMs + RefusalShownMs);
    }

    /// <summary>A peer refuses this node.</summary>
    public void RefusedBy(GossipRefused refused, NodeId self, long nowMs)
    {
        LogOnce($"node {refused.From} refuses to gossip with this one: {refused.Reason}{(refused.Kind == Refusal.OtherCluster ? " (dynamo.cluster.name, seeds)" : "")}");
        if (refused.Kind != Refusal.Gone) warnings.Raise($"by {refused.From}", $"node {refused.From} refuses node {self}: {refused.Reason}", nowMs + RefusalShownMs);
    }

    /// <summary>A peer's message was accepted.</summary>
    /// <param name="isAnswer">The peer accepts this node too.</param>
    public void Accepted(NodeId from, NodeAddress? at, bool isAnswer)
    {
        if (warnings.IsEmpty) return;
        warnings.Clear($"refused {Named(from, at)}");
        if (isAnswer) warnings.Clear($"by {from}");
    }

    /// <summary>A peer's settings differ from this node's, or no longer do.</summary>
    /// <param name="differences">In words; empty: they agree.</param>
    public void Differs(NodeId from, string differences, long nowMs)
    {
        if (differences.Length == 0)
        {
            warnings.Clear($"settings {from}");
            return;
        }
        var text = $"{differences}: give all nodes the same";
        LogOnce(text);
        warnings.Raise($"settings {from}", text, nowMs + DifferenceShownMs);
    }

    /// <summary>Two live nodes have one name.</summary>
    /// <returns>True: it is news.</returns>
    public bool InConflict(NodeId name, NodeAddress kept, NodeAddress refused, long nowMs)
    {
        var text = $"two live nodes are named {name}: the one at {kept} stays, the one at {refused} is refused (dynamo.node.name)";
        LogOnce(text);
        if (!warnings.Raise($"name {name} {refused}", text, nowMs + ConflictShownMs)) return false;
        NodeMetrics.NameConflicts.Add(1, new KeyValuePair<string, object?>("node", name.Name));
        return true;
    }

    private static string Named(NodeId node, NodeAddress? at) => at is { } address ? $"node {node} at {address}" : $"node {node}";

    private void LogOnce(string text)
    {
        if (_logged.Count < MaxLogged && _logged.Add(text)) log.Warning("{0}", text);
    }

    private string ReasonOf(Member gone) => gone.Status == MemberStatus.Left
        ? $"node {gone.Id} has left cluster '{cluster}'; it joins again only under another name, with an empty store"
        : $"node {gone.Id} was removed from cluster '{cluster}'; it joins again only under another name, with an empty store";

    private static string ReasonOf(Member self, NodeId from, NodeAddress at)
    {
        var (whose, hidden) = HostReach.Of(at.Host) is AddressReach.Loopback or AddressReach.Any ? (from, at) : (self.Id, self.Address);
        return $"the address of node {whose}, {hidden}, leads to it only on its own machine (akka.remote.dot-netty.tcp.hostname, public-hostname)";
    }
}
