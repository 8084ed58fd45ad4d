using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Akka.Actor;
using Dynamo.Actors.Node;
using Dynamo.Actors.Storage;
using Dynamo.Core.Storage;
using Dynamo.Protocol;

namespace Dynamo.Host;

/// <summary>A node's life as a process: configuration, store, actor system, until a signal ends it.</summary>
internal static class NodeProcess
{
    private static readonly TimeSpan DrainPause = TimeSpan.FromMilliseconds(500);

    /// <param name="isDetached">Signals of the terminal (Ctrl-C, hang-up) are not for this process; only SIGTERM ends it.</param>
    /// <returns>An <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(FileInfo file, bool isDetached)
    {
        NodeConfig config;
        try
        {
            config = NodeConfig.Load(file);
        }
        catch (BadConfigException e)
        {
            await Console.Error.WriteLineAsync($"dynamo-host: {e.Message}");
            return ExitCodes.BadConfiguration;
        }

        try
        {
            using var engine = StorageEngines.Open(config.Settings);
            return await RunAsync(config, engine, isDetached);
        }
        catch (StoreException e)
        {
            await Console.Error.WriteLineAsync($"dynamo-host: {e.Message}");
            return ExitCodes.CouldNotStart;
        }
    }

    private static async Task<int> RunAsync(NodeConfig config, IStorageEngine engine, bool isDetached)
    {
        ActorSystem system;
        try
        {
            system = ActorSystem.Create(NodePaths.SystemName, config.Akka);
        }
        catch (Exception e)
        {
            await Console.Error.WriteLineAsync($"dynamo-host: node {config.Settings.Node.Id} could not start: {Reason(e, config)}");
            return ExitCodes.CouldNotStart;
        }

        // Before anybody is told that it is up, and may tell it to stop.
        var stop = StopSignalAsync(isDetached);
        var node = DynamoNode.Start(system, config.Settings, engine);
        var address = ((ExtendedActorSystem)system).Provider.DefaultAddress;
        await Console.Out.WriteLineAsync($"node {config.Settings.Node.Id} of cluster {config.Settings.Cluster.Name} is up at {address.Host}:{address.Port}, engine {engine.Name}");
        await Task.WhenAny(stop, system.WhenTerminated);
        if (CoordinatedShutdown.Get(system).ShutdownReason is NodeGone gone)
        {
            await system.WhenTerminated;
            if (!gone.IsExpelled) await Console.Out.WriteLineAsync(gone.Words);
            else await Console.Error.WriteLineAsync($"dynamo-host: {gone.Words}");
            return gone.IsExpelled ? ExitCodes.Expelled : ExitCodes.Stopped;
        }
        await DrainAsync(system, node, config.Settings.Request.Timeout);
        await system.Terminate();
        await Console.Out.WriteLineAsync($"node {config.Settings.Node.Id} has stopped");
        return ExitCodes.Stopped;
    }

    // Clients are sent to other replicas, and those that have not heard yet get an answer that says so, before the node goes.
    private static async Task DrainAsync(ActorSystem system, IActorRef node, TimeSpan limit)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            DrainState state;
            do
            {
                state = await system.AskFromOutside<DrainState>(node, new DrainRequest(IsOn: true), limit);
                await Task.Delay(DrainPause);
            }
            while (state.InFlight > 0 && clock.Elapsed < limit);
        }
        catch (AskTimeoutException)
        {
            // A node that does not answer itself has nothing to finish.
        }
    }

    private static async Task StopSignalAsync(bool isDetached)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, isDetached ? Ignore : Stop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, isDetached ? Ignore : Stop);
        await stop.Task;

        static void Ignore(PosixSignalContext context) => context.Cancel = true;

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.TrySetResult();
        }
    }

    private static string Reason(Exception e, NodeConfig config)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
            if (cause is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse })
                return $"port {config.Akka.GetString("akka.remote.dot-netty.tcp.port", "")} of {config.Akka.GetString("akka.remote.dot-netty.tcp.hostname", "")} is in use (akka.remote.dot-netty.tcp.port)";
        return e.GetBaseException().Message.ReplaceLineEndings(" ");
    }
}
