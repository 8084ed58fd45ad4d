using Dynamo.Core.Ring;

namespace Dynamo.Core.FailureDetection;

/// <summary>What spreads from node to node: this life of the suspect was found silent (SWIM). The suspect refutes it with a higher incarnation.</summary>
/// <param name="Incarnation">The life that is meant: no later one is suspected.</param>
/// <param name="By">The node that found it silent.</param>
public sealed record Suspicion(NodeId Suspect, long Incarnation, NodeId By);

/// <summary>What a suspicion is to the node that hears of it.</summary>
public enum Judgement
{
    /// <summary>It is about a life that is over, or a node that is no member.</summary>
    Stale,

    Known,

    /// <summary>It is about the node itself: to be refuted.</summary>
    OfSelf,

    /// <summary>The node has heard from the suspect a moment ago: it believes nothing, and tells the suspect what is said of it.</summary>
    Contradicted,

    /// <summary>To be believed, and passed on.</summary>
    New,
}
