using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Akka.DistributedData;

namespace Dynamo.Bench.DData;

/// <summary>A node of a cluster with Akka.DistributedData as it ships: its reference configuration, no durable keys, nothing logged, and its frames counted.</summary>
internal static class DDataNode
{
    public const string SystemName = "ddata";
    private const int Nodes = 3;

    /// <summary>Says its address, hears whom to join (itself, for the first), and says when all three are up.</summary>
    public static async Task RunAsync(TextReader input, TextWriter output)
    {
        var system = ActorSystem.Create(SystemName, ConfigurationFactory.ParseString("akka.actor.provider = cluster").WithFallback(Common).WithFallback(DistributedData.DefaultConfig()));
        var cluster = Cluster.Get(system);
        await output.WriteLineAsync(cluster.SelfAddress.ToString());
        var seed = await input.ReadLineAsync() ?? throw new BenchException("the driver is gone");
        await cluster.JoinAsync(Address.Parse(seed));
        while (cluster.State.Members.Count(m => m.Status == MemberStatus.Up) < Nodes) await Task.Delay(50);
        system.ActorOf(Props.Create(() => new Gate()), Gate.Name);
        // So that its first gossip has told it of the others: a majority of one node is no majority.
        await Task.Delay(TimeSpan.FromSeconds(1));
        await output.WriteLineAsync("ready");
        await input.ReadToEndAsync();
    }

    /// <summary>Of nodes and client.</summary>
    /// <remarks>The adapter's name has no spaces: Akka.Remote takes the quotes that they need for a part of it.</remarks>
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
