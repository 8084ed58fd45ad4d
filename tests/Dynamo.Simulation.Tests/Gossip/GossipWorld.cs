using System.Collections.Immutable;
using System.Globalization;
using Akka.Actor;
using Akka.Configuration;
using Dynamo.Actors.Gossip;
using Dynamo.Actors.Settings;
using Dynamo.Actors.Shared;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;
using Dynamo.Protocol;
using Dynamo.Simulation.Tests.World;
using Dynamo.Storage.Memory;

namespace Dynamo.Simulation.Tests.Gossip;

/// <summary>Nodes with only their real gossiper, in one simulated world.</summary>
public sealed class GossipWorld : IDisposable
{
    /// <param name="isRestart">The nodes know each other from an earlier incarnation, and all new ones are news; otherwise they agree from the start.</param>
    public GossipWorld(int seed, int nodes, bool isRestart = true, bool keepsLinks = false)
    {
        World = new SimWorld(seed) { KeepsLinks = keepsLinks };
        World.Enter();
        var named = Enumerable.Range(0, nodes).Select(i => World.Network.Add(string.Create(CultureInfo.InvariantCulture, $"n{i:000}"))).ToArray();
        var ring = RingVersion.Founding(HashRing.Founding([new NodeId(named[0].Name)], 16, 3));
        var known = named.Aggregate(ClusterState.Empty.With(ring), (state, process) => state.With(
            new Member(new NodeId(process.Name), new NodeAddress(process.Name, process.Port), 1, MemberStatus.Up, "", 1)));
        // The state of the next incarnations: nodes that know it agree from the start.
        var others = known.Members.Values.Aggregate(known, (state, member) => state.With(member.After(member)));
        Nodes = [.. named.Select((process, i) => new GossipNode(process, (ulong)i + 1))];
        foreach (var node in Nodes)
        {
            var own = known.Members[node.Id];
            node.Save(isRestart ? known : others with { Members = others.Members.SetItem(own.Id, own) });
            node.Start();
        }
    }

    public SimWorld World { get; }

    public ImmutableArray<GossipNode> Nodes { get; }

    public IEnumerable<GossipNode> Alive => Nodes.Where(n => n.Process.IsAlive);

    public bool AllAgree => Alive.All(n => n.View?.State.Members.Count == Nodes.Length && n.StateHash == Nodes.First(other => other.Process.IsAlive).StateHash);

    public TimeSpan RunUntil(Func<bool> condition, TimeSpan limit, string what)
    {
        var began = World.Now;
        // Checking after each event would cost more than the events.
        while (!condition())
        {
            Assert.True(World.Now - began < limit, $"seed {World.Seed}: not within {limit} of virtual time: {what}");
            World.RunFor(TimeSpan.FromMilliseconds(20));
        }
        return World.Now - began;
    }

    public void Dispose() => World.Close();
}

/// <summary>One node, and its beliefs.</summary>
public sealed class GossipNode
{
    // Read once, because hundreds of nodes share it.
    private static readonly DynamoSettings Settings = DynamoSettings.From(
        ConfigurationFactory.ParseString("dynamo {\n node.name = n000\n cluster { name = sim, founders = [n000] }\n ring.partitions = 16\n}"));

    private readonly MemoryEngine _engine;

    public GossipNode(SimProcess process, ulong store)
    {
        Process = process;
        Id = new NodeId(process.Name);
        _engine = new MemoryEngine(new StoreId(store));
    }

    public NodeId Id { get; }

    public SimProcess Process { get; }

    public ulong StateHash { get; private set; }

    public ClusterView? View { get; private set; }

    /// <summary>Every node that it believed unreachable since <see cref="Forget"/>.</summary>
    public HashSet<NodeId> Doubted { get; } = [];

    public IActorRef Gossiper { get; private set; } = ActorRefs.Nobody;

    public void Save(ClusterState known) => SavedState.SaveAsync(_engine, known);

    public void Forget() => Doubted.Clear();

    public bool Misses(NodeId other) => View?.Unreachable.Contains(other) == true;

    public void Start()
    {
        var settings = Settings with { Node = Settings.Node with { Id = Id } };
        var system = Process.Start(WireConfig.Fallback);
        var random = new Random(Process.World.Random.Next());
        var self = new Member(Id, new NodeAddress(Process.Name, Process.Port), 1, MemberStatus.Up, "", 1);
        system.ActorOf(
            Props.Create(() => new Root(this, actors => Actors.Gossip.Gossiper.Props(settings, self, _engine, random, new PeerTraffic(), actors))), NodePaths.Root);
    }

    private sealed class Root(GossipNode node, Func<ImmutableArray<IActorRef>, Props> gossiper) : UntypedActor
    {
        protected override void PreStart() => node.Gossiper = Context.ActorOf(gossiper([Self]), NodePaths.Gossiper);

        protected override void OnReceive(object message)
        {
            if (message is not ViewChanged changed) return;
            node.StateHash = changed.StateHash;
            node.View = changed.View;
            node.Doubted.UnionWith(changed.View.Unreachable);
        }
    }
}
