using Akka.Event;
using Dynamo.Core.Membership;
using Dynamo.Protocol;

namespace Dynamo.Actors.Gossip;

/// <summary>Who may not gossip here: nodes of other clusters, and those that are gone. Each refusal is logged once, on both sides.</summary>
internal sealed class Refusals(string cluster, ILoggingAdapter log)
{
    // A stranger that comes under ever new names must not fill the memory.
    private const int MostLogged = 1000;
    private readonly HashSet<string> _logged = [];

    /// <summary>Null when the message may be heard. What a gone node answers in a round is heard: it may be the one that knows that it is gone.</summary>
    public (Refusal Kind, string Text)? Judge(IGossip gossip, ClusterState state)
    {
        var from = gossip.From;
        if (from.Cluster != cluster)
        {
            Once($"node {from.Node} of the cluster '{from.Cluster}' wants to gossip with this one of '{cluster}': refused (dynamo.cluster.name, seeds)");
            return (Refusal.OtherCluster, $"its cluster is '{cluster}', not '{from.Cluster}'");
        }
        if (gossip is GossipMarks or GossipDelta || !state.IsGoneForGood(from.Node)) return null;
        return (Refusal.Gone, ReasonOf(state.Members[from.Node], cluster));
    }

    public void LogRefusal(GossipRefused refused) =>
        Once($"node {refused.From} will not gossip with this one: {refused.Reason}{(refused.Kind == Refusal.OtherCluster ? " (dynamo.cluster.name, seeds)" : "")}");

    public static string ReasonOf(Member gone, string cluster) => gone.Status == MemberStatus.Left
        ? $"node {gone.Id} has left cluster '{cluster}'; it joins again only under another name, with an empty store"
        : $"node {gone.Id} was removed from cluster '{cluster}'; it joins again only under another name, with an empty store";

    private void Once(string text)
    {
        if (_logged.Count < MostLogged && _logged.Add(text)) log.Warning("{0}", text);
    }
}
