using Akka.Actor;
using Akka.Event;
using Dynamo.Actors.Gossip;
using Dynamo.Actors.Shared;
using Dynamo.Core.Membership;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;
using Dynamo.Protocol;
using Dynamo.Storage.Memory;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.Gossip;

/// <summary>A store that does not take the cluster's state.</summary>
public sealed class StateSaverTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly Member Self = Given.Member(Given.N1, new NodeAddress("127.0.0.1", 7100));
    private static readonly ClusterState State = Given.State(Self);
    private readonly HeldEngine _engine = new(new MemoryEngine(new StoreId(1)));

    public StateSaverTests()
        : base(Given.Remoting, NodePaths.SystemName) => _engine.FailNamed(new StoreException("the disk is full"));

    private bool IsSaved => _engine.GetMeta("cluster") is not null;

    [Fact]
    public void It_is_saved_again_with_each_round_until_it_is_taken()
    {
        var saver = new StateSaver(_engine, TestActor, Sys.Log);
        saver.RoundBegan(State);
        saver.Save(State);
        for (var round = 0; round < 3; round++)
        {
            var failed = ExpectMsg<StateSaved>(Given.Long);
            Assert.Equal("the disk is full", failed.Failure);
            saver.Note(failed);
            if (round == 2) _engine.FailNamed(null);
            // A round that begins while it is being saved does not save it twice.
            saver.RoundBegan(State);
            saver.RoundBegan(State);
        }
        var saved = ExpectMsg<StateSaved>(Given.Long);
        Assert.Null(saved.Failure);
        Assert.True(IsSaved);

        saver.Note(saved);
        saver.RoundBegan(State);
        saver.Save(State);
        Assert.False(HasMessages);
    }

    [Fact]
    public void A_gossiper_logs_it_and_saves_what_it_knows_when_there_is_room_again()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Warning));
        var settings = Given.Settings("dynamo.gossip { interval = 20ms, heartbeat-interval = 60s }");
        Sys.ActorOf(Gossiper.Props(settings, Self, _engine, new Random(1), new PeerTraffic(), []));
        Assert.StartsWith("saving the cluster's state failed: the disk is full", ExpectMsg<Warning>(Given.Long).Message.ToString(), StringComparison.Ordinal);
        Assert.False(IsSaved);
        _engine.FailNamed(null);
        AwaitCondition(() => IsSaved, Given.Long, Given.Often);
    }
}
