using Akka.Actor;

namespace Dynamo.Actors.Node;

/// <summary>Why a node ended its actor system itself: it is no member of its cluster any more.</summary>
/// <param name="words">What to tell the operator.</param>
/// <param name="isExpelled">True: it was removed, or another node has its name; false: it left as it was told to.</param>
public sealed class NodeGone(string words, bool isExpelled) : CoordinatedShutdown.Reason
{
    public string Words { get; } = words;

    public bool IsExpelled { get; } = isExpelled;

    // The host ends the process, with exit codes of its own.
    public override int ExitCode => 0;
}
