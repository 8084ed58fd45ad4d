using Akka.Actor;

namespace Dynamo.Actors.Node;

/// <summary>The shutdown reason of a node that failed: it lost an actor that it cannot run without.</summary>
/// <param name="words">The actor and the reason, in one line for the operator.</param>
public sealed class NodeFailed(string words) : CoordinatedShutdown.Reason
{
    public string Words { get; } = words;

    // Same as dynamo-host's exit code, for a program that Akka.NET ends (akka.coordinated-shutdown.exit-clr).
    public override int ExitCode => 4;
}
