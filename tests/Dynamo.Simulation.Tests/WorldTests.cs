using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Remote;
using Akka.Util;
using Dynamo.Protocol;
using Dynamo.Simulation.Tests.World;

namespace Dynamo.Simulation.Tests;

/// <summary>
/// The world controls everything that Akka.NET does by itself: its threads, its clocks, its random source. Where the world uses non-public members, a new
/// version of Akka.NET or .NET may move them: then one of these tests fails, rather than a run that differs from its seed.
/// </summary>
public sealed class WorldTests
{
    [Fact]
    public void A_turn_from_another_thread_fails_the_run()
    {
        var world = new SimWorld(1);
        var system = Start(world, "n1");
        var stray = new Thread(() =>
        {
            try
            {
                system.DeadLetters.Tell("nobody notices");
                system.Dispatchers.DefaultGlobalDispatcher.Schedule(() => { });
            }
            catch (InvalidOperationException)
            {
                // As good as lost: code on other threads may swallow it.
            }
        });
        stray.Start();
        stray.Join();
        Assert.Contains("another thread", Assert.Throws<InvalidOperationException>(() => world.RunFor(TimeSpan.FromSeconds(1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_dispatcher_of_the_configuration_is_simulated()
    {
        var world = new SimWorld(1);
        var system = Start(world, "n1", """
            some.dispatcher { executor = channel-executor }
            "other one" { type = PinnedDispatcher }
            akka.remote.use-dispatcher = some.dispatcher
            """);
        foreach (var id in new[] { "some.dispatcher", "\"other one\"", "akka.remote.backoff-remote-dispatcher", "akka.actor.default-blocking-io-dispatcher" })
            Assert.Equal("SimDispatcher", system.Dispatchers.Lookup(id).GetType().Name);
    }

    [Fact]
    public void A_dispatcher_that_is_not_simulated_is_detected()
    {
        var world = new SimWorld(1);
        var system = Start(world, "n1");
        var foreign = system.Settings.Config.GetConfig("akka.actor.default-dispatcher");
        Internals.Configurators(system.Dispatchers)["foreign"] = new Foreign(foreign, system.Dispatchers.Prerequisites);
        Assert.Contains("foreign", Assert.Throws<InvalidOperationException>(() => SimDispatchers.DemandAllSimulated(system)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Akkas_random_source_follows_the_seed()
    {
        int[] Drawn(int seed)
        {
            new SimWorld(seed).Enter();
            return [.. Enumerable.Range(0, 8).Select(_ => ThreadLocalRandom.Current.Next())];
        }

        Assert.Equal(Drawn(1), Drawn(1));
        Assert.NotEqual(Drawn(1), Drawn(2));
    }

    [Fact]
    public void Failure_detectors_use_virtual_time()
    {
        var world = new SimWorld(1);
        world.Enter();
        var detector = new DeadlineFailureDetector(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1));
        detector.HeartBeat();
        world.RunFor(TimeSpan.FromSeconds(10));
        Assert.True(detector.IsAvailable);
        world.RunFor(TimeSpan.FromSeconds(2));
        Assert.False(detector.IsAvailable);
    }

    /// <summary>An unreachable address is retried after a while of virtual time: neither at once nor never.</summary>
    [Fact]
    public void The_gate_of_an_address_opens_in_virtual_time()
    {
        var world = new SimWorld(1);
        var (one, _) = (Start(world, "n1"), Start(world, "n2"));
        world.Network.Process("n2").Kill();
        var gone = one.ActorSelection($"akka.sim://dynamo@n2:{world.Network.Process("n2").Port}/user/nobody");
        var (sent, began) = (world.Network.Process("n1").Dials, world.Now);
        while (world.Now - began < TimeSpan.FromSeconds(10))
        {
            gone.Tell("hello");
            world.RunFor(TimeSpan.FromMilliseconds(50));
        }
        Assert.InRange(world.Network.Process("n1").Dials - sent, 5, 11);
    }

    private static ActorSystem Start(SimWorld world, string name, string config = "") =>
        world.Network.Add(name).Start(ConfigurationFactory.ParseString(config).WithFallback(WireConfig.Fallback));

    private sealed class Foreign(Config config, IDispatcherPrerequisites prerequisites) : MessageDispatcherConfigurator(config, prerequisites)
    {
        public override MessageDispatcher Dispatcher() => throw new NotSupportedException();
    }
}
