using Akka.Actor;
using Akka.TestKit;
using Dynamo.Actors.Hints;
using Dynamo.Actors.Shared;
using Dynamo.Actors.Storage;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;
using Dynamo.Protocol;
using Dynamo.Storage.Memory;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.Hints;

public sealed class RemovedFounderTests : Akka.TestKit.Xunit2.TestKit, IClassFixture<Peers>
{
    private readonly Peers _peers;

    public RemovedFounderTests(Peers peers)
        : base(Given.Remoting, NodePaths.SystemName)
    {
        _peers = peers;
        peers.FallSilent();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Hints_for_a_removed_founder_go_to_the_owners_even_if_it_never_came(bool hasCome)
    {
        var engine = new MemoryEngine(new StoreId(0xABC));
        var members = _peers.First(2).Select(p => p.Member).Append(Given.Member(Given.N1, new NodeAddress("127.0.0.1", 1))).ToList();
        if (hasCome) members.Add(_peers[Given.N4].Member);
        var state = Given.State([.. members]);
        var standings = Given.StandingsOf(state).SetItem(Given.N4, MemberStatus.Removed);
        state = state.With(new RingVersion(HashRing.None, new HashRing(1, HashRing.Founding([Given.N1, Given.N2, Given.N3], 8, 3).Owners), 1, standings));
        var settings = Given.Settings("dynamo { hints { interval = 20ms } }");
        var (n2, n3) = (CreateTestProbe(), CreateTestProbe());
        _peers[Given.N2].Play(NodePaths.Replica, n2);
        _peers[Given.N3].Play(NodePaths.Replica, n3);
        var hints = Sys.ActorOf(HintBuffer.Props(settings, engine, new HintsUnderWay(), new BackgroundPace(TimeSpan.FromSeconds(1))));
        hints.Tell(new ViewChanged(new ClusterView(Given.N1, state, []), 1));
        hints.Tell(new WriteBatch([new WriteItem(StorageKey.Of("a"), Given.Value("apple", 1), Given.N4, ConflictMode.Siblings, WriteCause.Put)]), TestActor);
        ExpectMsg<WriteAnswers>(Given.Long);
        n2.ExpectMsg<WriteBatch>(Given.Long);
    }
}
