using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Akka.DistributedData;

namespace Dynamo.Bench.DData;

/// <summary>A cluster node with stock Akka.DistributedData: reference configuration, no durable keys, no logging, frames counted.</summary>
internal static class DDataNode
{
    public const string SystemName = "ddata";
    private const int Nodes = 3;

    /// <summary>Prints its address, reads the address to join (its own, for the first node), and prints a line when all three nodes are up.</summary>
    public static async Task RunAsync(TextReader input, TextWriter output)
    {
        var system = ActorSystem.Create(SystemName, ConfigurationFactory.ParseString("akka.actor.provider = cluster").WithFallback(Common).WithFallback(DistributedData.DefaultConfig()));
        var cluster = Cluster.Get(system);
        await output.WriteLineAsync(cluster.SelfAddress.ToString());
        var seed = await input.ReadLineAsync() ?? throw new BenchException("the driver is gone");
        await cluster.JoinAsync(Address.Parse(seed));
        while (cluster.State.Members.Count(m => m.Status == MemberStatus.Up) < Nodes) await Task.Delay(50);
        system.ActorOf(Props.Create(() => new Gate()), Gate.Name);
        // Gives the replicator's first gossip time to find the other nodes; before that, one node alone would count as the majority.
        await Task.Delay(TimeSpan.FromSeconds(1));
        await output.WriteLineAsync("ready");
        await input.ReadToEndAsync();
    }

    /// <summary>Configuration shared by nodes and client.</summary>
    /// <remarks>The adapter's name has no spaces, since they would need quotes, which Akka.Remote takes as part of the name.</remarks>
    public static Config Common { get; } = ConfigurationFactory.ParseString($$"""
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          log-dead-letters = off
          remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0, applied-adapters = [counted] }
          remote.adapters.counted = "{{typeof(CountedTransportProvider).FullName}},{{typeof(CountedTransportProvider).Assembly.GetName().Name}}"
        }
        """);
}
