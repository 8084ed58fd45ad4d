using Akka.Actor;

namespace Dynamo.Actors.Node;

/// <summary>The shutdown reason of a node that is no longer a member of its cluster.</summary>
/// <param name="words">Message for the operator.</param>
/// <param name="isExpelled">True: the node was removed, or another node has its name; false: it left as planned.</param>
public sealed class NodeGone(string words, bool isExpelled) : CoordinatedShutdown.Reason
{
    public string Words { get; } = words;

    public bool IsExpelled { get; } = isExpelled;

    // The host ends the process with its own exit codes.
    public override int ExitCode => 0;
}
