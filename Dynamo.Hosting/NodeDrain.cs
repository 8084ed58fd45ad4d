using System.Diagnostics;
using Akka.Actor;
using Dynamo.Protocol;

namespace Dynamo.Hosting;

/// <summary>Clients are sent to other replicas, and those that have not heard yet get an answer that says so, before a node goes.</summary>
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
            // A node that does not answer itself has nothing to finish, and who stops it may not wait any longer.
        }
    }
}
