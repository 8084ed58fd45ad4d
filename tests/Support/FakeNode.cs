using Akka.Actor;
using Dynamo.Actors.Receptionist;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Tests.Support;

/// <summary>
/// A node that the test plays: an actor system at an address of its own, whose actors forward what they receive to the actors that the test names. The
/// answers go to the sender over the wire.
/// </summary>
public sealed class FakeNode : IDisposable
{
    private static readonly string[] Actors = [NodePaths.Replica, NodePaths.Hints, NodePaths.Coordinator, NodePaths.Gossiper, NodePaths.AntiEntropy, NodePaths.Transfers];
    private readonly ActorSystem _system;
    private readonly IActorRef _root;
    private IActorRef? _receptionist;

    public FakeNode(NodeId id)
    {
        Id = id;
        _system = ActorSystem.Create(NodePaths.SystemName, Given.Remoting);
        var address = ((ExtendedActorSystem)_system).Provider.DefaultAddress;
        Address = new NodeAddress(address.Host, address.Port!.Value);
        _root = _system.ActorOf(Props.Create(() => new Root(id)), NodePaths.Root);
    }

    public NodeId Id { get; }

    public NodeAddress Address { get; }

    public Member Member => Given.Member(Id, Address);

    /// <summary>From now on the player receives what comes for the actor.</summary>
    public void Play(string actor, IActorRef player) => _root.Ask<Cast>(new Cast(actor, player), Given.Long).Wait(Given.Long);

    /// <summary>Sends a message as the node's gossiper, to which the answer goes.</summary>
    /// <param name="to">An actor of another system.</param>
    public void Send(IActorRef to, object message)
    {
        var remote = ((ExtendedActorSystem)_system).Provider.ResolveActorRef(Akka.Serialization.Serialization.SerializedActorPath(to));
        var self = _system.ActorSelection(_root.Path / NodePaths.Gossiper).ResolveOne(Given.Long).GetAwaiter().GetResult();
        remote.Tell(message, self);
    }

    /// <summary>From now on nobody answers.</summary>
    public void FallSilent()
    {
        foreach (var actor in Actors) Play(actor, ActorRefs.Nobody);
    }

    /// <summary>Starts the product's receptionist for clients.</summary>
    public IActorRef Receive() => _receptionist ??= ((ExtendedActorSystem)_system).SystemActorOf(ReceptionistActor.Props(), NodePaths.Receptionist);

    /// <summary>Adds an actor that is not one of the product's.</summary>
    public void Add(string name, IActorRef player)
    {
        var actor = _system.ActorOf(Props.Create(() => new Relay()), name);
        actor.Ask<Cast>(new Cast(name, player), Given.Long).Wait(Given.Long);
    }

    public void Dispose() => _system.Terminate().Wait(Given.Long);

    private sealed record Cast(string Actor, IActorRef Player);

    private sealed class Root(NodeId id) : UntypedActor
    {
        protected override void PreStart()
        {
            foreach (var actor in Actors) Context.ActorOf(Props.Create(() => new Relay()), NameOf(actor));
        }

        protected override void OnReceive(object message) => Context.Child(NameOf(((Cast)message).Actor)).Forward(message);

        private string NameOf(string actor) => actor == NodePaths.Gossiper ? actor : NodePaths.NameOf(actor, id);
    }

    private sealed class Relay : UntypedActor
    {
        private IActorRef _player = ActorRefs.Nobody;

        protected override void OnReceive(object message)
        {
            if (message is Cast cast)
            {
                _player = cast.Player;
                Sender.Tell(cast);
            }
            else if (!_player.IsNobody()) _player.Forward(message);
        }
    }
}

/// <summary>The nodes n2 to n5, played by the tests of one class.</summary>
public sealed class Peers : IDisposable
{
    private readonly List<FakeNode> _nodes = [.. Enumerable.Range(2, 4).Select(i => new FakeNode(new NodeId($"n{i}")))];

    public FakeNode this[NodeId id] => _nodes.Single(n => n.Id == id);

    public IEnumerable<FakeNode> First(int count) => _nodes.Take(count);

    public void FallSilent() => _nodes.ForEach(n => n.FallSilent());

    public void Dispose()
    {
        foreach (var node in _nodes) node.Dispose();
    }
}
