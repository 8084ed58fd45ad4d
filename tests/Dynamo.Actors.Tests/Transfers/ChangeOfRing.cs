using Akka.Actor;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.Transfers;

/// <summary>A ring of one partition that changes hands, as n1 sees it.</summary>
internal static class ChangeOfRing
{
    public const ulong PlanId = 7;

    /// <param name="unaware">Members that have not heard of the plan.</param>
    public static ClusterView View(IEnumerable<Member> members, NodeId[] from, NodeId[] to, params NodeId[] unaware)
    {
        var state = Given.State([.. members]);
        var ring = new RingVersion(new HashRing(1, [[.. from]]), new HashRing(2, [[.. to]]), PlanId, Given.StandingsOf(state));
        ring = state.Members.Keys.Except(unaware).Aggregate(ring, (r, node) => r.KnownBy(node));
        return new ClusterView(Given.N1, state.With(ring), []);
    }
}

/// <summary>The parent of an actor under test: forwards to the test what it is told.</summary>
public sealed class Parent(Props child, IActorRef test) : UntypedActor
{
    private IActorRef _child = ActorRefs.Nobody;

    protected override void PreStart() => _child = Context.ActorOf(child, "child");

    protected override void OnReceive(object message)
    {
        if (Sender.Equals(_child)) test.Tell(message, _child);
        else _child.Forward(message);
    }
}
