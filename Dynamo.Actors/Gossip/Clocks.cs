using Akka.Actor;
using Akka.Event;
using Dynamo.Actors.Settings;
using Dynamo.Actors.Shared;
using Dynamo.Core.Clocks;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Actors.Gossip;

/// <summary>Measures the wall clocks of peers in the answers to gossip (docs/decisions/0020-clock-skew.md), and tells operator and node.</summary>
/// <param name="root">Receives <see cref="ClockMeasured"/> when this node's own clock is found to have moved against the others'.</param>
internal sealed class Clocks(NodeId self, ClockSettings settings, IScheduler scheduler, IActorRef root, ILoggingAdapter log)
{
    // A round trip of a few milliseconds is measured no better than this.
    private const long WorthTellingMs = 5;
    private readonly PeerClocks _clocks = new(self, settings.MaxSkew);
    private ClockMeasured _told = new(0, IsOff: false);

    public long NowMs => scheduler.Now.ToUnixTimeMilliseconds();

    /// <summary>What an answer says about this node's clock.</summary>
    public ClockReading Answer(GossipSyn syn) => new(syn.SentMs, NowMs);

    public void Heard(NodeId peer, ClockReading answer) => Tell(_clocks.Measured(peer, answer.AskedMs, answer.AnsweredMs, NowMs));

    public void Use(ClusterView view) =>
        Tell(_clocks.Keep(node => view.State.Members.ContainsKey(node) && !view.State.IsGone(node) && !view.Unreachable.Contains(node)));

    private void Tell(IReadOnlyList<ClockNews> news)
    {
        foreach (var (node, leadMs, isOff) in news)
        {
            var (whose, lead) = (node == self ? "this node's clock" : $"the clock of node {node}", Lead(leadMs));
            if (isOff)
                log.Warning(
                    "{0} is {1} the median of the nodes' clocks: more than {2} ms (dynamo.clock.max-skew) may cost writes of last-write-wins buckets",
                    whose, lead, settings.MaxSkew.TotalMilliseconds);
            else log.Info("{0} agrees with the others again: it is {1} their median", whose, lead);
        }
        var own = new ClockMeasured(_clocks.OwnLeadMs, _clocks.IsOwnOff);
        if (own.IsOff == _told.IsOff && Math.Abs(own.LeadMs - _told.LeadMs) < WorthTellingMs) return;
        _told = own;
        NodeMetrics.ClockLead.Record(own.LeadMs, new KeyValuePair<string, object?>("node", self.Name));
        root.Tell(own, ActorRefs.NoSender);
    }

    private static string Lead(long ms) => $"{Math.Abs(ms)} ms {(ms < 0 ? "behind" : "ahead of")}";
}
