using Akka.Actor;
using Akka.Configuration;

namespace Dynamo.Simulation.Tests.World;

/// <summary>One simulated machine and the process on it: it can be paused, killed and started again.</summary>
public sealed class SimProcess(SimWorld world, string name, int port)
{
    public SimWorld World { get; } = world;

    public string Name { get; } = name;

    public int Port { get; } = port;

    public Queue<Action> Turns { get; } = new();

    /// <summary>Raised by each death: messages for an earlier life do not reach the next one.</summary>
    public int Life { get; private set; }

    public bool IsPaused { get; private set; }

    public bool IsAlive => System is not null;

    /// <summary>Error of this machine's wall clock.</summary>
    public TimeSpan ClockSkew { get; set; }

    /// <summary>The time that each of its turns takes: zero on a machine with CPU to spare.</summary>
    public TimeSpan TurnCost { get; set; }

    public TimeSpan BusyUntil { get; set; }

    public long FramesSent { get; set; }

    public long BytesSent { get; set; }

    public int LargestFrame { get; set; }

    /// <summary>Number of connections that it tried to open.</summary>
    public int Dials { get; set; }

    public ActorSystem? System { get; private set; }

    /// <summary>True while its actor system is being created.</summary>
    public bool IsBeingCreated { get; private set; }

    internal RetryGates? RetryGates { get; private set; }

    public ActorSystem Start(Config config, string name = "dynamo")
    {
        World.Enter();
        IsBeingCreated = true;
        System = ActorSystem.Create(name, Overrides(config).WithFallback(config));
        IsBeingCreated = false;
        RetryGates = new RetryGates(this, System);
        SimDispatchers.DemandAllSimulated(System);
        return System;
    }

    /// <summary>Its index among the ready processes; -1 when it is not ready.</summary>
    internal int ReadyIndex { get; set; } = -1;

    public void Pause()
    {
        IsPaused = true;
        World.Sort(this);
    }

    public void Resume()
    {
        IsPaused = false;
        World.Sort(this);
    }

    /// <summary>kill -9: no more turns and timers, and its connections break.</summary>
    public void Kill()
    {
        if (System is not null) SimDispatchers.DemandAllSimulated(System);
        Life++;
        IsPaused = false;
        (System, RetryGates) = (null, null);
        World.Forget(this);
        World.Network.Drop(this);
    }

    private string Tampering => World.Mutation == WireMutation.None ? ""
        : "actor.serializers.dynamo = \"Dynamo.Simulation.Tests.World.TamperingSerializer, Dynamo.Simulation.Tests\"";

    private Config Overrides(Config config) => ConfigurationFactory.ParseString($$"""
        sim { world = "{{World.Id}}", process = "{{Name}}" }
        {{SimDispatchers.Overrides(config)}}
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          loggers = []
          {{Tampering}}
          scheduler.implementation = "Dynamo.Simulation.Tests.World.SimScheduler, Dynamo.Simulation.Tests"
          remote.enabled-transports = ["akka.remote.sim"]
          remote.sim {
            transport-class = "Dynamo.Simulation.Tests.World.SimTransport, Dynamo.Simulation.Tests"
            applied-adapters = []
          }
          # What has no answer to ride on is acknowledged by a deadline of the wall clock: never.
          remote.system-message-ack-piggyback-timeout = 1h
          remote.initial-system-message-delivery-timeout = 1h
          # A process that ends itself is taken out of the world by the cluster, not by the threads of a shutdown.
          coordinated-shutdown { run-by-clr-shutdown-hook = off, run-by-actor-system-terminate = off, terminate-actor-system = off }
        }
        """);

}
