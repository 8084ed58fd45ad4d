using Akka.Configuration;
using Akka.Dispatch;

namespace Dynamo.Simulation.Tests.World;

/// <summary>Creates dispatchers whose tasks are turns of the world; named in the actor system's configuration.</summary>
public sealed class SimDispatcherConfigurator : MessageDispatcherConfigurator
{
    private readonly SimDispatcher _dispatcher;

    public SimDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites) => _dispatcher = new SimDispatcher(this, SimWorld.ProcessOf(prerequisites.Settings.Config));

    public override MessageDispatcher Dispatcher() => _dispatcher;
}

internal sealed class SimDispatcher : MessageDispatcher
{
    private readonly SimProcess _process;
    private readonly int _life;

    public SimDispatcher(MessageDispatcherConfigurator configurator, SimProcess process)
        : base(configurator)
    {
        _process = process;
        _life = process.Life;
        Id = "sim";
        Throughput = 5;
    }

    // ActorSystem.Create blocks on tasks until remoting has started: until then each turn runs inside the Tell that queues it.
    protected override void ExecuteTask(IRunnable run)
    {
        _process.World.DemandOwnThread();
        if (_process.Life != _life) return;
        if (_process.IsBeingCreated) run.Run();
        else _process.World.Ready(_process, _process.RetryGates?.Watching(run) ?? run.Run);
    }

    protected override void Shutdown()
    {
    }
}
