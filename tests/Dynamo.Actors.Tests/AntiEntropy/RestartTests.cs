using Akka.Actor;
using Dynamo.Actors.AntiEntropy;
using Dynamo.Actors.Shared;
using Dynamo.Actors.Storage;
using Dynamo.Core.Membership;
using Dynamo.Core.Versioning;
using Dynamo.Protocol;
using Dynamo.Storage.Memory;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.AntiEntropy;

/// <summary>The anti-entropy actor fails and restarts; here a request without its leaves makes it fail.</summary>
public sealed class RestartTests : Akka.TestKit.Xunit2.TestKit, IClassFixture<Peers>
{
    private static readonly LeafKeys Broken = new(0, default);
    private readonly Peers _peers;
    private readonly MemoryEngine _engine = new(new StoreId(1));
    private readonly IActorRef _antiEntropy;

    public RestartTests(Peers peers)
        : base(Given.Remoting, NodePaths.SystemName)
    {
        _peers = peers;
        peers.FallSilent();
        var settings = Given.Settings("dynamo { ring.partitions = 4, anti-entropy { interval = 60s, scan-pause = 1ms } }");
        var replica = Sys.ActorOf(StorageReplica.Props(Given.N1, _engine, new HintsUnderWay()));
        _antiEntropy = Sys.ActorOf(AntiEntropyActor.Props(settings, _engine, replica, new BackgroundPace(TimeSpan.FromSeconds(1))));
    }

    [Fact]
    public void Callers_that_wait_for_a_comparison_are_told_that_it_failed()
    {
        var own = ((ExtendedActorSystem)Sys).Provider.DefaultAddress;
        var state = Given.State(Given.Member(Given.N1, new NodeAddress(own.Host, own.Port!.Value)), _peers[Given.N2].Member).WithRing(4);
        _antiEntropy.Tell(new ViewChanged(new ClusterView(Given.N1, state, []), 1));
        AwaitTrees();
        var n2 = CreateTestProbe();
        _peers[Given.N2].Play(NodePaths.AntiEntropy, n2);
        Reconcile[] questions = [new(Given.N2, 0), new(Given.N2, 1)];
        foreach (var question in questions) _antiEntropy.Tell(question, TestActor);
        n2.ExpectMsg<TreeRoots>(Given.Long);

        _antiEntropy.Tell(Broken, TestActor);
        foreach (var question in questions)
            Assert.Equal(new Reconciled(question, "this node's anti-entropy begins anew"), ExpectMsg<Reconciled>(Given.Long));
    }

    [Fact]
    public void It_rebuilds_its_trees_and_saves_none_from_before_the_failure()
    {
        AwaitTrees();
        _antiEntropy.Tell(Broken, TestActor);
        AwaitTrees();
        Assert.Null(_engine.GetMeta("trees"));
    }

    // It answers with hashes only once its trees are built.
    private void AwaitTrees() => AwaitAssert(
        () =>
        {
            _antiEntropy.Tell(new TreeNodes(0, 0, [0]), TestActor);
            Assert.NotEmpty(ExpectMsg<TreeHashes>(Given.Long).Hashes);
        },
        Given.Long, Given.Often);
}
