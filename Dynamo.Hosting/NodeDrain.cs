using System.Diagnostics;
using Akka.Actor;
using Dynamo.Protocol;

namespace Dynamo.Hosting;

/// <summary>Drains a node before it stops: new requests are refused, so clients go to other replicas, and those in flight can finish.</summary>
internal static class NodeDrain
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public static async Task RunAsync(ActorSystem system, IActorRef node, TimeSpan limit, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            DrainState state;
            do
            {
                state = await system.AskFromOutside<DrainState>(node, new DrainRequest(IsOn: true), limit, cancellation);
                await Task.Delay(Pause, cancellation);
            }
            while (state.InFlight > 0 && clock.Elapsed < limit);
        }
        catch (Exception e) when (e is AskTimeoutException or OperationCanceledException)
        {
            // A node that does not answer has nothing to finish; on cancellation the caller will not wait any longer.
        }
    }
}
