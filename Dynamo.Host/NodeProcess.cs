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

        NodeActor.Start(system, config.Settings, engine);
        var address = ((ExtendedActorSystem)system).Provider.DefaultAddress;
        await Console.Out.WriteLineAsync($"node {config.Settings.Node.Id} of cluster {config.Settings.Cluster.Name} is up at {address.Host}:{address.Port}, engine {engine.Name}");
        await StopSignalAsync(isDetached);
        await system.Terminate();
        await Console.Out.WriteLineAsync($"node {config.Settings.Node.Id} has stopped");
        return ExitCodes.Stopped;
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
