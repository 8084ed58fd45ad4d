using Dynamo.Core.Membership;
using Dynamo.Protocol;

namespace Dynamo.Actors.Gossip;

/// <summary>What the gossiper is to those who work for it.</summary>
internal interface IGossiping
{
    Member Self { get; }

    ClusterState State { get; }

    /// <summary>In front of what this node says.</summary>
    Origin Origin { get; }

    void Tell(Member to, IGossip message);

    /// <summary>Has the connections to a peer made anew: see <see cref="Links"/>.</summary>
    void Renew(Member peer);

    /// <summary>Begins a life of this node after the one that is said to be silent.</summary>
    void Refute(long incarnation);
}
