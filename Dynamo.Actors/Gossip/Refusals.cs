using Akka.Event;
using Dynamo.Core.Membership;
using Dynamo.Protocol;

namespace Dynamo.Actors.Gossip;

/// <summary>The words of refusals. Each is logged once, on both sides.</summary>
internal sealed class Refusals(string cluster, ILoggingAdapter log)
{
    // A stranger that comes under ever new names must not fill the memory.
    private const int MaxLogged = 1000;
    private readonly HashSet<string> _logged = [];

    /// <summary>What to tell a peer that this node does not gossip with.</summary>
    public string Refuse(Refusal kind, Origin from, ClusterState state)
    {
        if (kind == Refusal.Gone) return ReasonOf(state.Members[from.Node], cluster);
        LogOnce($"node {from.Node} of the cluster '{from.Cluster}' wants to gossip with this one of '{cluster}': refused (dynamo.cluster.name, seeds)");
        return $"its cluster is '{cluster}', not '{from.Cluster}'";
    }

    public void Log(GossipRefused refused) =>
        LogOnce($"node {refused.From} will not gossip with this one: {refused.Reason}{(refused.Kind == Refusal.OtherCluster ? " (dynamo.cluster.name, seeds)" : "")}");

    private static string ReasonOf(Member gone, string cluster) => gone.Status == MemberStatus.Left
        ? $"node {gone.Id} has left cluster '{cluster}'; it joins again only under another name, with an empty store"
        : $"node {gone.Id} was removed from cluster '{cluster}'; it joins again only under another name, with an empty store";

    private void LogOnce(string text)
    {
        if (_logged.Count < MaxLogged && _logged.Add(text)) log.Warning("{0}", text);
    }
}
