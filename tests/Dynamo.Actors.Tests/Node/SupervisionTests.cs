using System.Text;
using Akka.Actor;
using Akka.Cluster.Tools.Client.Serialization;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Configuration;
using Akka.Event;
using Akka.TestKit;
using Dynamo.Actors.Coordinator;
using Dynamo.Actors.Node;
using Dynamo.Actors.Settings;
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

namespace Dynamo.Actors.Tests.Node;

/// <summary>A whole one-node cluster whose actors fail.</summary>
public sealed class SupervisionTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly StoreException NoDisk = new("the disk does not answer") { IsOfDisk = true };
    private static readonly StorageKey Key = StorageKey.Of("a");
    private readonly HeldEngine _engine = new(new MemoryEngine(new StoreId(1)));
    private readonly TestProbe _errors;
    private IActorRef _node = ActorRefs.Nobody;

    public SupervisionTests()
        : base(Config(), NodePaths.SystemName)
    {
        _errors = CreateTestProbe("errors");
        Sys.EventStream.Subscribe(_errors, typeof(Error));
    }

    // ---- failures that end the node

    [Fact]
    public void An_actor_that_cannot_start_ends_the_node()
    {
        _engine.FailTrees(NoDisk);
        StartNode();
        AwaitEnd("node n1 ended: its actor anti-entropy-n1 cannot start: StoreException: the disk does not answer");
    }

    [Fact]
    public void An_actor_that_cannot_restart_ends_the_node()
    {
        Start();
        _engine.FailTrees(NoDisk);
        Actor(NodePaths.AntiEntropy).Tell(new LeafKeys(0, default), TestActor);
        AwaitEnd("node n1 ended: its actor anti-entropy-n1 cannot start: StoreException: the disk does not answer");
    }

    [Fact]
    public void An_actor_that_keeps_failing_ends_the_node()
    {
        Start();
        _engine.FailReads(NoDisk);
        for (var i = 0; i <= RestartRecord.MaxRestarts; i++) Actor(NodePaths.Replica).Tell(Read(), TestActor);
        AwaitEnd("node n1 ended: its actor replica-n1 failed 6 times within 60 s, now with StoreException: the disk does not answer");
    }

    [Theory]
    [InlineData(NodePaths.Coordinator)]
    [InlineData(NodePaths.Replica)]
    [InlineData(NodePaths.Hints)]
    [InlineData(NodePaths.AntiEntropy)]
    [InlineData(NodePaths.Reaper)]
    [InlineData(NodePaths.Transfers)]
    [InlineData(NodePaths.HandOff)]
    public void An_actor_that_stops_ends_the_node(string actor)
    {
        Start();
        Actor(actor).Tell(PoisonPill.Instance, TestActor);
        AwaitEnd($"node n1 ended: its actor {actor}-n1 stopped");
    }

    [Fact]
    public void A_gossiper_that_stops_ends_the_node()
    {
        Start();
        Sys.ActorSelection($"/user/{NodePaths.Root}/{NodePaths.Gossiper}").Tell(PoisonPill.Instance, TestActor);
        AwaitEnd("node n1 ended: its actor gossiper stopped");
    }

    [Fact]
    public void A_receptionist_that_stops_ends_the_node()
    {
        Start();
        Receptionist.Tell(PoisonPill.Instance, TestActor);
        AwaitEnd("node n1 ended: its actor receptionist stopped");
    }

    [Fact]
    public void A_receptionist_that_keeps_failing_ends_the_node()
    {
        Start();
        for (var i = 0; i <= RestartRecord.MaxRestarts; i++) Receptionist.Tell(new Send(null!, ""), TestActor);
        AwaitEnd("node n1 ended: its actor receptionist failed 6 times within 60 s, now with NullReferenceException: Object reference not set to an instance of an object.");
    }

    [Fact]
    public void A_failing_root_actor_ends_the_node()
    {
        Start();
        _node.Tell(new ViewChanged(null!, 0), TestActor);
        AwaitEnd("node n1 ended: its actor dynamo cannot go on: NullReferenceException: Object reference not set to an instance of an object.");
    }

    // ---- state that survives a restart

    [Fact]
    public void A_single_failure_restarts_the_actor_and_is_logged_once_with_its_cause()
    {
        Start();
        for (var i = 0; i < 2; i++)
        {
            _engine.FailReads(NoDisk);
            Actor(NodePaths.Replica).Tell(Read(), TestActor);
            Assert.Same(NoDisk, ExpectRestart("replica-n1 failed and is restarted").Cause);
            _engine.FailReads(null);
            Actor(NodePaths.Replica).Tell(Read(), TestActor);
            ExpectMsg<ReadAnswers>(Given.Long);
        }
        Assert.Null(Ended);
    }

    [Fact]
    public void A_restarted_coordinator_knows_the_ring_at_once()
    {
        Start();
        FailCoordinator();
        Assert.IsType<GetReply>(Get());
    }

    [Fact]
    public void Restarted_coordinator_and_hints_are_still_drained()
    {
        Start();
        _node.Tell(new DrainRequest(IsOn: true), TestActor);
        ExpectMsg<DrainState>(Given.Long);
        FailCoordinator();
        Assert.Equal("node n1 is being drained", Assert.IsType<RequestFailed>(Get()).Reason);

        Actor(NodePaths.Hints).Tell(new StoreDone(null!, null!, null!), TestActor);
        ExpectRestart("hints-n1 failed and is restarted");
        Actor(NodePaths.Hints).Tell(new MintBatch([new MintItem(Key, Given.N2, Given.Write("x"), ConflictMode.Siblings)]), TestActor);
        Assert.Equal("node n1 is being drained", ExpectMsg<Status.Failure>(Given.Long).Cause.Message);
    }

    [Fact]
    public void A_restarted_receptionist_knows_the_other_nodes_at_once()
    {
        Start();
        var own = ((ExtendedActorSystem)Sys).Provider.DefaultAddress;
        var state = Given.State(Given.Member(Given.N1, new NodeAddress(own.Host, own.Port!.Value)), Given.Member(Given.N2, new NodeAddress("127.0.0.1", 4321)));
        _node.Tell(new ViewChanged(new ClusterView(Given.N1, state, []), 1), TestActor);
        Receptionist.Tell(new Send(null!, ""), TestActor);
        _errors.ExpectMsg<Error>(Given.Long);
        var messages = new ClusterClientMessageSerializer((ExtendedActorSystem)Sys);
        AwaitAssert(
            () =>
            {
                Receptionist.Tell(messages.FromBinary([], "B"), TestActor);
                Assert.Contains("127.0.0.1:4321", Encoding.UTF8.GetString(messages.ToBinary(ReceiveOne(Given.Long))), StringComparison.Ordinal);
            },
            Given.Long, Given.Often);
    }

    private static Config Config() => ConfigurationFactory.ParseString("""
        # The test sees how it ends.
        akka.coordinated-shutdown { run-by-actor-system-terminate = off, run-by-clr-shutdown-hook = off, terminate-actor-system = off }
        """).WithFallback(Given.Remoting).WithFallback(DynamoSettings.Reference);

    private NodeFailed? Ended => CoordinatedShutdown.Get(Sys).ShutdownReason as NodeFailed;

    private IActorRef Receptionist { get; set; } = ActorRefs.Nobody;

    // Gossip rounds are rare, so that no round restores what an actor has forgotten.
    private void StartNode()
    {
        var settings = Given.Settings("dynamo { bucket { n = 1, r = 1, w = 1 }\n gossip.interval = 60s }");
        _node = DynamoNode.Start(Sys, settings, _engine);
        Receptionist = Sys.ActorSelection($"/system/{NodePaths.Receptionist}").ResolveOne(Given.Long).GetAwaiter().GetResult();
    }

    private void Start()
    {
        StartNode();
        // A node that answers has started its actors.
        _node.Tell(StatusRequest.Instance, TestActor);
        ExpectMsg<NodeStatus>(Given.Long);
        AwaitAssert(() => Assert.IsType<GetReply>(Get()), Given.Long, Given.Often);
    }

    private ActorSelection Actor(string name) => Sys.ActorSelection($"/user/{NodePaths.Root}/{NodePaths.NameOf(name, Given.N1)}");

    private static ReadBatch Read() => new([new ReadItem(Key, null, false)]);

    private ClientReply Get()
    {
        Actor(NodePaths.Coordinator).Tell(new ClientBatch([new GetRequest(1, Key, QuorumOverrides.None, 0)]), TestActor);
        return Assert.Single(ExpectMsg<ClientReplies>(Given.Long).Replies);
    }

    private void FailCoordinator()
    {
        Actor(NodePaths.Coordinator).Tell(new MintsCame(null!, null, null), TestActor);
        ExpectRestart("coordinator-n1 failed and is restarted");
    }

    private Error ExpectRestart(string words)
    {
        var error = _errors.ExpectMsg<Error>(Given.Long);
        Assert.Equal(words, error.Message.ToString());
        return error;
    }

    private void AwaitEnd(string words) => AwaitAssert(() => Assert.Equal(words, Ended?.Words), Given.Long, Given.Often);
}
