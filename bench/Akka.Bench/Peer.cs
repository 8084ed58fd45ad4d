using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Bench;

/// <summary>The other process: an actor system with an echo and a sink, and a bare socket that echoes.</summary>
internal sealed class Peer : IAsyncDisposable
{
    private Peer(Process process, string address, int socketPort)
    {
        Process = process;
        Address = address;
        SocketPort = socketPort;
    }

    public Process Process { get; }

    /// <summary>Of its actor system.</summary>
    public string Address { get; }

    public int SocketPort { get; }

    public static ActorSystem CreateSystem(string name) => ActorSystem.Create(name, ConfigurationFactory.ParseString($$"""
        akka {
          loglevel = WARNING
          actor {
            provider = remote
            serializers.bench = "{{typeof(BenchSerializer).AssemblyQualifiedName}}"
            serialization-bindings {
              "{{typeof(Item).AssemblyQualifiedName}}" = bench
              "{{typeof(Received).AssemblyQualifiedName}}" = bench
            }
          }
          remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }
        }
        """));

    /// <summary>Runs until its standard input ends, which is when its parent does.</summary>
    public static async Task<int> Serve()
    {
        var system = CreateSystem("peer");
        system.ActorOf(Props.Create(() => new Echo()), "echo");
        system.ActorOf(Props.Create(() => new Sink()), "sink");
        var address = ((ExtendedActorSystem)system).Provider.DefaultAddress;
        var port = SocketFloor.StartEcho();
        Console.WriteLine($"{address} {port}");
        await Console.In.ReadToEndAsync();
        await system.Terminate();
        return 0;
    }

    public static async Task<Peer> Start()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        // Under `dotnet run` the process is the program's own; under `dotnet x.dll` it is dotnet.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(Peer).Assembly.Location);
        start.ArgumentList.Add("serve");
        var process = Process.Start(start) ?? throw new InvalidOperationException("the peer could not be started");
        var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the peer ended at its start");
        var parts = line.Split(' ');
        return new Peer(process, parts[0], int.Parse(parts[1]));
    }

    public async ValueTask DisposeAsync()
    {
        Process.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await Process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Process.Kill();
        }
        Process.Dispose();
    }
}
