using Akka.Actor;

namespace Dynamo.Actors.Node;

/// <summary>Why a node ended its actor system itself: an actor that it cannot do without is gone or of no use.</summary>
/// <param name="words">The actor and the reason, in one line for the operator.</param>
public sealed class NodeFailed(string words) : CoordinatedShutdown.Reason
{
    public string Words { get; } = words;

    // As dynamo-host's, for a program that Akka.NET ends (akka.coordinated-shutdown.exit-clr).
    public override int ExitCode => 4;
}
