using Dynamo.Core.Ring;

namespace Dynamo.Core.Membership;

/// <summary>A word that spreads: this life of the suspect was found silent. The suspect refutes it with a higher incarnation.</summary>
/// <param name="Incarnation">The life that is meant: a later one is above suspicion.</param>
/// <param name="By">The node that found it silent.</param>
public sealed record Suspicion(NodeId Suspect, long Incarnation, NodeId By);

/// <summary>What a suspicion is to the node that hears of it.</summary>
public enum Hearsay
{
    /// <summary>Of a life that is over, or of a node that is no member.</summary>
    Stale,

    Known,

    /// <summary>Of the node itself: to be refuted.</summary>
    OfSelf,

    /// <summary>The node has heard from the suspect a moment ago: it does not believe it, and the suspect should know.</summary>
    Contradicted,

    /// <summary>To be believed, and told on.</summary>
    News,
}
