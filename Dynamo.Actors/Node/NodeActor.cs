using System.Reflection;
using Akka.Actor;
using Dynamo.Actors.AntiEntropy;
using Dynamo.Actors.Coordinator;
using Dynamo.Actors.Gossip;
using Dynamo.Actors.Hints;
using Dynamo.Actors.Reaper;
using Dynamo.Actors.Settings;
using Dynamo.Actors.Storage;
using Dynamo.Core.Membership;
using Dynamo.Core.Storage;
using Dynamo.Protocol;

namespace Dynamo.Actors.Node;

/// <summary>
/// The map of a node: every actor it has, and who is told of whom.
/// <code>
/// /user/dynamo              this actor: starts the others and answers for the node
///             /gossiper     membership and failure detection; tells the others of each change
///             /coordinator  gets and puts of clients: asks replicas, counts quorums
///             /replica      the node's own store
///             /hints        writes kept for nodes that are down
///             /anti-entropy compares hash trees with the other owners, mends what differs
///             /reaper       removes tombstones that all primaries hold
/// /system/receptionist      the way in for clients
/// </code>
/// </summary>
public sealed class NodeActor : UntypedActor, IWithTimers
{
    private readonly DynamoSettings _settings;
    private readonly IStorageEngine _engine;
    private readonly Member _self;
    private readonly IActorRef _receptionist;
    private readonly TimeSpan _startedAt;
    private readonly BackgroundPace _pace;
    private ViewChanged? _last;

    public NodeActor(DynamoSettings settings, IStorageEngine engine, Member self, IActorRef receptionist)
    {
        _settings = settings;
        _engine = engine;
        _self = self;
        _receptionist = receptionist;
        _pace = new BackgroundPace(settings.Background.TargetLatency);
        _startedAt = Context.System.Scheduler.MonotonicClock;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The version that a node reports.</summary>
    public static string Version { get; } =
        typeof(NodeActor).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public static Props Props(DynamoSettings settings, IStorageEngine engine, Member self, IActorRef receptionist) =>
        Akka.Actor.Props.Create(() => new NodeActor(settings, engine, self, receptionist));

    /// <summary>Starts a node in an actor system whose remoting is up.</summary>
    public static IActorRef Start(ActorSystem system, DynamoSettings settings, IStorageEngine engine)
    {
        var extended = (ExtendedActorSystem)system;
        var address = extended.Provider.DefaultAddress;
        var status = settings.Cluster.Founders.Contains(settings.Node.Id) ? MemberStatus.Up : MemberStatus.Joining;
        var self = new Member(
            settings.Node.Id, new NodeAddress(address.Host, address.Port ?? 0), Incarnation: 1, status, settings.Node.Zone, settings.Node.Weight);
        var receptionist = extended.SystemActorOf(ReceptionistActor.Props(), NodePaths.Receptionist);
        return system.ActorOf(Props(settings, engine, self, receptionist), NodePaths.Root);
    }

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer("pace", PaceTick.Instance, TimeSpan.FromSeconds(1));
        var replica = Context.ActorOf(StorageReplica.Props(_self.Id, _engine), NodePaths.Replica);
        var hints = Context.ActorOf(HintBuffer.Props(_settings, _engine, _pace), NodePaths.Hints);
        var coordinator = Context.ActorOf(CoordinatorActor.Props(_settings, replica, hints, _pace), NodePaths.Coordinator);
        var antiEntropy = Context.ActorOf(AntiEntropyActor.Props(_settings, _engine, replica, _pace), NodePaths.AntiEntropy);
        var reaper = Context.ActorOf(ReaperActor.Props(_settings, _engine, _pace), NodePaths.Reaper);
        var random = _settings.RandomSeed == 0 ? new Random() : new Random(_settings.RandomSeed);
        Context.ActorOf(
            Gossiper.Props(_settings, _self, _engine, random, [Self, coordinator, hints, antiEntropy, reaper, _receptionist]), NodePaths.Gossiper);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ViewChanged changed: _last = changed; break;
            case PaceTick: _pace.Tick(); break;
            case StatusRequest: Sender.Tell(Status()); break;
            default: Unhandled(message); break;
        }
    }

    private NodeStatus Status()
    {
        var figures = _engine.Figures;
        var (share, p99) = _pace.State;
        var uptime = Context.System.Scheduler.MonotonicClock - _startedAt;
        return new NodeStatus(
            _self.Id, Version, Environment.ProcessId, (long)uptime.TotalMilliseconds, _engine.Name,
            _last?.View.Ring.Epoch ?? 0, _last?.View.State.Members.Count ?? 0, _last?.StateHash ?? 0, [.. _last?.View.Unreachable.Order() ?? Enumerable.Empty<Core.Ring.NodeId>()],
            figures.Keys, figures.Bytes, figures.Hints, share, p99);
    }

    private sealed record PaceTick
    {
        public static readonly PaceTick Instance = new();
    }
}
