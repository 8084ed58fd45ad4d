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
    private readonly ClusterState _state;
    private readonly Peers _peers;

    protected ClientTest(Peers peers)
    {
        _peers = peers;
        peers.FallSilent();
        var nodes = peers.First(3).ToArray();
        _state = Given.State([.. nodes.Select(n => n.Member)]).WithRing(8);
        var ring = _state.Ring.Serving;
        Walk = [.. ring.Walk(ring.PartitionOf(StorageKey.Of("cart").Token))];
        var directory = Sys.ActorOf(Props.Create(() => new Directory(_state)));
        foreach (var node in nodes)
        {
            Coordinators[node.Id] = CreateTestProbe($"{node.Id}-coordinator");
            node.Play(NodePaths.Coordinator, Coordinators[node.Id]);
            node.Play(NodePaths.Gossiper, directory);
        }
    }

    protected Dictionary<NodeId, TestProbe> Coordinators { get; } = [];

    /// <summary>The nodes in the order of the preference list of the key "cart".</summary>
    protected NodeId[] Walk { get; }

    protected async Task<DynamoClient> ConnectAsync(Func<DynamoClientOptions, DynamoClientOptions>? change = null)
    {
        var view = new ViewChanged(new ClusterView(Given.N2, _state, []), StateHash);
        var receptionist = _peers[Given.N2].Receive();
        receptionist.Tell(view);
        var options = new DynamoClientOptions { Contacts = [_peers[Given.N2].Address], Timeout = Given.Long, AttemptTimeout = Given.Long };
        return await DynamoClient.ConnectAsync(change?.Invoke(options) ?? options);
    }

    private sealed class Directory(ClusterState state) : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(
            new ClusterDirectory("dynamo", Given.N2, state, StateHash, [], BucketOptions.Default, new RequestLimits(1024, 1 << 20)));
    }
}
