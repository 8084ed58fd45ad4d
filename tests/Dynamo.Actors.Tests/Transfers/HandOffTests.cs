using Akka.Actor;
using Akka.TestKit;
using Dynamo.Actors.Shared;
using Dynamo.Actors.Transfers;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;
using Dynamo.Protocol;
using Dynamo.Storage.Memory;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.Transfers;

/// <summary>The hand-off of n1, which holds a key of a partition that n2 and n3 own.</summary>
public sealed class HandOffTests : Akka.TestKit.Xunit2.TestKit, IClassFixture<Peers>
{
    private const string Quick = "dynamo.transfers { interval = 1ms, retry-interval = 5ms, drop-delay = 1ms }";
    private static readonly StorageKey Key = StorageKey.Of("cart");
    private static readonly VersionSet Set = Given.Value("apple", 2);
    private readonly Peers _peers;
    private readonly MemoryEngine _engine = new(new StoreId(1));
    private readonly TestProbe _n2;
    private readonly TestProbe _n3;
    private readonly NodeAddress _address;

    public HandOffTests(Peers peers)
        : base(Given.Remoting, NodePaths.SystemName)
    {
        _peers = peers;
        peers.FallSilent();
        (_n2, _n3) = (Play(Given.N2), Play(Given.N3));
        var address = ((ExtendedActorSystem)Sys).Provider.DefaultAddress;
        _address = new NodeAddress(address.Host, address.Port!.Value);
    }

    private bool IsHeld => !_engine.Read(new RecordKey(Key)).Versions.IsEmpty;

    [Fact]
    public async Task A_record_is_dropped_when_every_owner_holds_or_has_stored_it()
    {
        await StartAsync(View());
        AnswerStates(_n2, VersionCodec.Digest(Key, Set));
        AnswerStates(_n3, 0);
        Assert.Equal(Set, Assert.Single(_n3.ExpectMsg<WriteBatch>(Given.Long).Items).Set);
        Assert.True(IsHeld);
        _n3.Reply(new WriteAnswers([WriteOutcome.Stored]));
        AwaitAssert(() => Assert.False(IsHeld), Given.Long, Given.Often);
        Assert.False(_n2.HasMessages);
    }

    [Fact]
    public async Task While_an_owner_refuses_it_the_record_stays_and_is_offered_again()
    {
        await StartAsync(View());
        for (var round = 0; round < 2; round++)
        {
            AnswerStates(_n2, VersionCodec.Digest(Key, Set));
            AnswerStates(_n3, 0);
            _n3.ExpectMsg<WriteBatch>(Given.Long);
            _n3.Reply(new WriteAnswers([WriteOutcome.Refused]));
        }
        Assert.True(IsHeld);
    }

    [Fact]
    public async Task While_an_owner_is_down_nothing_is_dropped()
    {
        var handOff = await StartAsync(View() with { Unreachable = [Given.N3] });
        AwaitAssert(
            () =>
            {
                handOff.Tell(new TransfersRequest(0));
                Assert.Contains("n3", Assert.Single(ExpectMsg<TransferReports>(Given.Long).Reports).Waiting, StringComparison.Ordinal);
            },
            Given.Long, Given.Often);
        Assert.True(IsHeld);
        Assert.False(_n2.HasMessages);
    }

    [Fact]
    public async Task Records_of_an_incoming_partition_are_not_handed_off()
    {
        // n1 is about to own the partition: it holds what has come so far.
        var handOff = await StartAsync(ChangeOfRing.View(Members(MemberStatus.Up), [Given.N2, Given.N3], [Given.N1, Given.N2]));
        for (var looks = 0; looks < 5; looks++)
        {
            handOff.Tell(new TransfersRequest(0));
            Assert.Empty(ExpectMsg<TransferReports>(Given.Long).Reports);
        }
        Assert.False(_n2.HasMessages || _n3.HasMessages);
    }

    [Fact]
    public async Task A_leaving_node_is_done_when_it_holds_nothing()
    {
        await StartAsync(View(MemberStatus.Leaving));
        foreach (var probe in new[] { _n2, _n3 }) AnswerStates(probe, VersionCodec.Digest(Key, Set));
        ExpectMsg<HandedAllOff>(Given.Long);
        Assert.False(IsHeld);
    }

    [Fact]
    public async Task A_record_of_a_bucket_with_fewer_replicas_goes_to_that_buckets_owners_only()
    {
        var view = View();
        await StartAsync(view with { State = view.State.With(Key.Bucket, Copies(1)) });
        var owner = view.Ring.Primaries(0, 1)[0] == Given.N2 ? _n2 : _n3;
        AnswerStates(owner, VersionCodec.Digest(Key, Set));
        AwaitAssert(() => Assert.False(IsHeld), Given.Long, Given.Often);
        Assert.False(_n2.HasMessages || _n3.HasMessages);
    }

    [Fact]
    public async Task A_surplus_copy_is_handed_off_after_the_buckets_n_was_lowered()
    {
        var view = ChangeOfRing.View(Members(MemberStatus.Up), [Given.N2, Given.N3, Given.N1], [Given.N2, Given.N3, Given.N1]);
        var handOff = await StartAsync(view);
        handOff.Tell(new TransfersRequest(0));
        Assert.Empty(ExpectMsg<TransferReports>(Given.Long).Reports);
        handOff.Tell(new ViewChanged(view with { State = view.State.With(Key.Bucket, Copies(2)) }, 0));
        foreach (var probe in new[] { _n2, _n3 }) AnswerStates(probe, VersionCodec.Digest(Key, Set));
        AwaitAssert(() => Assert.False(IsHeld), Given.Long, Given.Often);
    }

    private ClusterView View(MemberStatus status = MemberStatus.Up) => ChangeOfRing.View(Members(status), [Given.N2, Given.N3], [Given.N2, Given.N3]);

    private static BucketEntry Copies(int n) => new(1, new BucketOptions(new QuorumRules(n, 1, 1), ConflictMode.Siblings, 100));

    private Member[] Members(MemberStatus status) =>
        [Given.Member(Given.N1, _address, status: status), _peers[Given.N2].Member, _peers[Given.N3].Member];

    private async Task<IActorRef> StartAsync(ClusterView view)
    {
        await _engine.StoreAsync([new MergeIn(new RecordKey(Key), Set, ConflictMode.Siblings)]);
        var props = HandOffActor.Props(Given.Settings(Quick), _engine, new BackgroundPace(TimeSpan.FromSeconds(1)));
        var test = TestActor;
        var handOff = Sys.ActorOf(Props.Create(() => new Parent(props, test)));
        handOff.Tell(new ViewChanged(view, 0));
        return handOff;
    }

    private TestProbe Play(NodeId node)
    {
        var probe = CreateTestProbe();
        _peers[node].Play(NodePaths.Replica, probe);
        return probe;
    }

    private static void AnswerStates(TestProbe probe, ulong digest)
    {
        Assert.Equal(Key, Assert.Single(probe.ExpectMsg<KeyStatesRequest>(Given.Long).Keys));
        probe.Reply(new KeyStates([new KeyState(digest, false)]));
    }
}
