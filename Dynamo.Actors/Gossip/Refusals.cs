using Akka.Event;
using Dynamo.Core.Membership;
using Dynamo.Protocol;

namespace Dynamo.Actors.Gossip;

/// <summary>Texts of refusals. Each is logged once, on both sides.</summary>
internal sealed class Refusals(string cluster, ILoggingAdapter log)
{
    // A stranger that keeps changing its name must not fill the memory.
    private const int MaxLogged = 1000;
    private readonly HashSet<string> _logged = [];

    /// <summary>The reason to give a peer that this node refuses to gossip with.</summary>
    public string Refuse(Refusal kind, Origin from, ClusterState state)
    {
        if (kind == Refusal.Gone) return ReasonOf(state.Members[from.Node], cluster);
        LogOnce($"refused gossip from node {from.Node} of cluster '{from.Cluster}': this node belongs to '{cluster}' (dynamo.cluster.name, seeds)");
        return $"its cluster is '{cluster}', not '{from.Cluster}'";
    }

    public void Log(GossipRefused refused) =>
        LogOnce($"node {refused.From} refuses to gossip with this one: {refused.Reason}{(refused.Kind == Refusal.OtherCluster ? " (dynamo.cluster.name, seeds)" : "")}");

    private static string ReasonOf(Member gone, string cluster) => gone.Status == MemberStatus.Left
        ? $"node {gone.Id} has left cluster '{cluster}'; it joins again only under another name, with an empty store"
        : $"node {gone.Id} was removed from cluster '{cluster}'; it joins again only under another name, with an empty store";

    private void LogOnce(string text)
    {
        if (_logged.Count < MaxLogged && _logged.Add(text)) log.Warning("{0}", text);
    }
}
