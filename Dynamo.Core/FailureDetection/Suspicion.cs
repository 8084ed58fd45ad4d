using Dynamo.Core.Ring;

namespace Dynamo.Core.FailureDetection;

/// <summary>A report, spread from node to node, that the suspect was found silent (SWIM). The suspect refutes it with a higher incarnation.</summary>
/// <param name="Incarnation">The suspected incarnation; no later one is suspected.</param>
/// <param name="By">The node that found it silent.</param>
public sealed record Suspicion(NodeId Suspect, long Incarnation, NodeId By);

/// <summary>A node's judgement of a suspicion that it receives.</summary>
public enum Judgement
{
    /// <summary>The suspicion is about a past incarnation, or about a node that is no member.</summary>
    Stale,

    Known,

    /// <summary>The suspicion is about this node, which must refute it.</summary>
    OfSelf,

    /// <summary>This node heard from the suspect a moment ago: it does not believe the suspicion, and tells the suspect about it.</summary>
    Contradicted,

    /// <summary>This node believes the suspicion and passes it on.</summary>
    New,
}
