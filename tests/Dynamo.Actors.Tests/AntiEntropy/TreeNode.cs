using Akka.Actor;
using Akka.Event;
using Dynamo.Actors.AntiEntropy;
using Dynamo.Actors.Settings;
using Dynamo.Actors.Shared;
using Dynamo.Actors.Storage;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Protocol;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.AntiEntropy;

/// <summary>A node at an address of its own, with only a store, its replica and its anti-entropy.</summary>
internal sealed class TreeNode : IDisposable
{
    private readonly ActorSystem _system;

    /// <param name="errors">Receives the errors that the node logs.</param>
    public TreeNode(NodeId id, IStorageEngine engine, string hocon = "", IActorRef? errors = null)
    {
        Id = id;
        Engine = engine as HeldEngine ?? new HeldEngine(engine);
        _system = ActorSystem.Create(NodePaths.SystemName, Given.Remoting);
        if (errors is not null) _system.EventStream.Subscribe(errors, typeof(Error));
        var address = ((ExtendedActorSystem)_system).Provider.DefaultAddress;
        Member = Given.Member(id, new NodeAddress(address.Host, address.Port!.Value));
        var settings = Given.Settings($"dynamo {{ ring.partitions = 4, anti-entropy {{ interval = 30ms, scan-pause = 1ms }}\n{hocon} }}", id.Name);
        var held = Engine;
        var root = _system.ActorOf(Props.Create(() => new Root(settings, held)), NodePaths.Root);
        AntiEntropy = root.Ask<IActorRef>(NodePaths.AntiEntropy, Given.Long).GetAwaiter().GetResult();
    }

    public NodeId Id { get; }

    public Member Member { get; }

    public HeldEngine Engine { get; }

    public IActorRef AntiEntropy { get; }

    /// <summary>Tells the node the cluster's members; it starts to compare.</summary>
    public void Show(ClusterState state) => AntiEntropy.Tell(new ViewChanged(new ClusterView(Id, state, []), 1));

    public void Dispose() => _system.Terminate().Wait(Given.Long);

    private sealed class Root(DynamoSettings settings, IStorageEngine engine) : UntypedActor
    {
        protected override void PreStart()
        {
            var replica = Context.ActorOf(StorageReplica.Props(settings.Node.Id, engine, new HintsUnderWay()), NodePaths.NameOf(NodePaths.Replica, settings.Node.Id));
            Context.ActorOf(AntiEntropyActor.Props(settings, engine, replica, new BackgroundPace(TimeSpan.FromSeconds(1))), NodePaths.NameOf(NodePaths.AntiEntropy, settings.Node.Id));
        }

        protected override void OnReceive(object message) => Sender.Tell(Context.Child(NodePaths.NameOf((string)message, settings.Node.Id)));
    }
}
