using System.Diagnostics;
using System.Text;
using Akka.Actor;
using Akka.TestKit;
using Dynamo.Actors.Gossip;
using Dynamo.Actors.Shared;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Protocol;
using Dynamo.Tests.Support;

namespace Dynamo.Client.Tests;

/// <summary>The real client between three nodes that the test plays.</summary>
public abstract class ClientTest : Akka.TestKit.Xunit2.TestKit, IClassFixture<Peers>
{
    protected const ulong StateHash = 77;
    private readonly Peers _peers;
    private readonly FakeNode[] _nodes;

    protected ClientTest(Peers peers)
    {
        _peers = peers;
        peers.FallSilent();
        _nodes = [.. peers.First(3)];
        State = Given.State([.. _nodes.Select(n => n.Member)]).WithRing(8);
        Walk = WalkOf(StorageKey.Of("cart"));
        foreach (var node in _nodes)
        {
            Coordinators[node.Id] = CreateTestProbe($"{node.Id}-coordinator");
            node.Play(NodePaths.Gossiper, DirectoryOf(node.Id));
        }
        Greet();
    }

    /// <summary>The contact.</summary>
    protected static NodeId Contact => Given.N2;

    protected Dictionary<NodeId, TestProbe> Coordinators { get; } = [];

    protected ClusterState State { get; }

    /// <summary>The nodes in the order of the preference list of the key "cart".</summary>
    protected NodeId[] Walk { get; }

    /// <summary>A client that has been answered by all three nodes; from then on the test plays the coordinators.</summary>
    protected async Task<DynamoClient> ConnectAsync(Func<DynamoClientOptions, DynamoClientOptions>? change = null)
    {
        var dynamo = await ConnectAloneAsync(change);
        await MeetAllAsync(dynamo);
        return dynamo;
    }

    /// <summary>A client in an actor system of the test's, that has been answered by all three nodes.</summary>
    protected async Task<DynamoClient> ConnectInAsync(ActorSystem system)
    {
        var dynamo = DynamoClient.In(system, OptionsOfContact());
        await MeetAllAsync(dynamo);
        return dynamo;
    }

    /// <summary>A client that only its contact has answered.</summary>
    protected async Task<DynamoClient> ConnectAloneAsync(Func<DynamoClientOptions, DynamoClientOptions>? change = null)
    {
        var options = OptionsOfContact();
        return await DynamoClient.ConnectAsync(change?.Invoke(options) ?? options);
    }

    /// <summary>All coordinators answer gets at once, with the node's name as the value.</summary>
    protected void Greet()
    {
        foreach (var node in _nodes) node.Play(NodePaths.Coordinator, Sys.ActorOf(Props.Create(() => new Greeter(node.Id.Name))));
    }

    protected void Play(NodeId node, string actor, IActorRef player) => _peers[node].Play(actor, player);

    protected IActorRef DirectoryOf(NodeId node) => Sys.ActorOf(Props.Create(() => new Directory(node, State)));

    /// <summary>A key whose preference list begins with the node.</summary>
    protected StorageKey KeyOf(NodeId first) => Given.KeyWhere(k => WalkOf(k)[0] == first);

    protected NodeId[] WalkOf(StorageKey key) => [.. State.Ring.Serving.Walk(State.Ring.Serving.PartitionOf(key.Token))];

    private DynamoClientOptions OptionsOfContact()
    {
        _peers[Contact].Receive().Tell(new ViewChanged(new ClusterView(Contact, State, []), StateHash));
        return new DynamoClientOptions
        {
            Contacts = [_peers[Contact].Address],
            Timeout = Given.Long,
            AttemptTimeout = Given.Long,
            RefreshInterval = Given.Long,
        };
    }

    private async Task MeetAllAsync(DynamoClient dynamo)
    {
        foreach (var node in _nodes) await MeetAsync(dynamo, node.Id);
        foreach (var node in _nodes) node.Play(NodePaths.Coordinator, Coordinators[node.Id]);
    }

    // A client sends requests only to nodes that have answered it, and finds the others by probes.
    private async Task MeetAsync(DynamoClient dynamo, NodeId node)
    {
        var key = new DynamoKey(KeyOf(node).Key.ToArray(), StorageKey.DefaultBucket);
        var clock = Stopwatch.StartNew();
        while (Encoding.UTF8.GetString((await dynamo.GetAsync(key)).Values.Single().Span) != node.Name)
            Assert.True(clock.Elapsed < Given.Long, $"the client does not find {node}");
    }

    private sealed class Directory(NodeId node, ClusterState state) : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(
            new ClusterDirectory("dynamo", node, state, StateHash, [], BucketOptions.Default, new RequestLimits(1024, 1 << 20)));
    }

    private sealed class Greeter(string name) : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(new ClientReplies(
            [.. ((ClientBatch)message).Requests.Select(r => new GetReply(r.Id, [Encoding.UTF8.GetBytes(name)], default, 1))], StateHash));
    }
}
