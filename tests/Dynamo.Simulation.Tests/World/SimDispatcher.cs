using Akka.Configuration;
using Akka.Dispatch;

namespace Dynamo.Simulation.Tests.World;

/// <summary>Makes dispatchers whose tasks are turns of the world; named in the actor system's configuration.</summary>
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

    protected override void ExecuteTask(IRunnable run)
    {
        if (_process.Life == _life) _process.World.Ready(_process, run.Run);
    }

    protected override void Shutdown()
    {
    }
}
