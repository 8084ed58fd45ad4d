using Akka.Actor;
using Akka.TestKit;
using Dynamo.Actors.AntiEntropy;
using Dynamo.Actors.Shared;
using Dynamo.Actors.Storage;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;
using Dynamo.Protocol;
using Dynamo.Storage.Memory;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.AntiEntropy;

public sealed class LostTreesTests : Akka.TestKit.Xunit2.TestKit, IClassFixture<Peers>
{
    private readonly Peers _peers;

    public LostTreesTests(Peers peers)
        : base(Given.Remoting, NodePaths.SystemName)
    {
        _peers = peers;
        peers.FallSilent();
    }

    [Fact]
    public void A_comparison_fails_when_the_peer_loses_its_trees()
    {
        var engine = new MemoryEngine(new StoreId(1));
        var own = ((ExtendedActorSystem)Sys).Provider.DefaultAddress;
        var state = Given.State(Given.Member(Given.N1, new NodeAddress(own.Host, own.Port!.Value)), _peers[Given.N2].Member).WithRing(4);
        var settings = Given.Settings("dynamo { ring.partitions = 4, anti-entropy { interval = 60s, scan-pause = 1ms } }");
        var replica = Sys.ActorOf(StorageReplica.Props(Given.N1, engine, new HintsUnderWay()));
        var actor = Sys.ActorOf(AntiEntropyActor.Props(settings, engine, replica, new BackgroundPace(TimeSpan.FromSeconds(1))));
        actor.Tell(new ViewChanged(new ClusterView(Given.N1, state, []), 1));
        var n2 = CreateTestProbe();
        _peers[Given.N2].Play(NodePaths.AntiEntropy, n2);
        // A non-empty answer shows that its own trees are built.
        AwaitAssert(
            () =>
            {
                actor.Tell(new TreeNodes(0, 0, [0]), TestActor);
                Assert.NotEmpty(ExpectMsg<TreeHashes>(Given.Long).Hashes);
            },
            Given.Long, Given.Often);
        actor.Tell(new Reconcile(Given.N2, 0), TestActor);
        n2.ExpectMsg<TreeRoots>(Given.Long);
        n2.Reply(new TreeDifferences([0], []));
        // n2 restarts here and loses its trees.
        n2.ExpectMsg<TreeNodes>(Given.Long);
        n2.Reply(new TreeHashes([]));
        Assert.NotNull(ExpectMsg<Reconciled>(Given.Long).Failure);
    }

    [Fact]
    public async Task A_node_whose_trees_are_not_built_answers_with_no_hashes()
    {
        var engine = new MemoryEngine(new StoreId(1));
        await engine.WriteAsync([.. Enumerable.Range(0, 50).Select(i => new MergeIn(new RecordKey(StorageKey.Of($"k{i}")), Given.Value("x", 1), ConflictMode.Siblings))]);
        var settings = Given.Settings("dynamo { ring.partitions = 4, anti-entropy { interval = 60s, scan-pause = 60s, scan-batch = 1 } }");
        var replica = Sys.ActorOf(StorageReplica.Props(Given.N1, engine, new HintsUnderWay()));
        var actor = Sys.ActorOf(AntiEntropyActor.Props(settings, engine, replica, new BackgroundPace(TimeSpan.FromSeconds(1))));
        actor.Tell(new TreeNodes(3, 0, [0]), TestActor);
        var hashes = ExpectMsg<TreeHashes>(Given.Long).Hashes;
        Assert.Empty(hashes);
    }
}
