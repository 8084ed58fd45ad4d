using Akka.Actor;
using Akka.Event;
using Akka.TestKit;
using Dynamo.Actors.AntiEntropy;
using Dynamo.Actors.Shared;
using Dynamo.Actors.Transfers;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Transfers;
using Dynamo.Core.Versioning;
using Dynamo.Protocol;
using Dynamo.Storage.Memory;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.Transfers;

/// <summary>The transfers of n1, which is about to own a partition that n2 and n3 hold.</summary>
public sealed class TransferTests : Akka.TestKit.Xunit2.TestKit, IClassFixture<Peers>
{
    private const string Quick = "dynamo.transfers { interval = 1ms, retry-interval = 5ms, chunk-bytes = 1KiB }";
    private readonly Peers _peers;
    private readonly MemoryEngine _engine = new(new StoreId(1));
    private readonly TestProbe _n2;
    private readonly TestProbe _n3;
    private readonly TestProbe _replica;
    private readonly TestProbe _antiEntropy;
    private readonly Member _self;
    private IActorRef _transfers = ActorRefs.Nobody;

    public TransferTests(Peers peers)
        : base(Given.Remoting, NodePaths.SystemName)
    {
        _peers = peers;
        peers.FallSilent();
        (_n2, _n3) = (Play(Given.N2), Play(Given.N3));
        (_replica, _antiEntropy) = (CreateTestProbe(), CreateTestProbe());
        var address = ((ExtendedActorSystem)Sys).Provider.DefaultAddress;
        _self = Given.Member(Given.N1, new NodeAddress(address.Host, address.Port!.Value));
    }

    [Fact]
    public void A_partition_comes_in_chunks_and_is_received_once_compared_with_every_owner()
    {
        Start(View());
        var source = Source(out var asked);
        Assert.Equal(0, asked.Partition);
        Assert.Null(asked.After);
        source.Reply(new TransferChunk([new KeySet(Key("a"), Set("1"))], IsLast: false));
        Assert.Equal(WriteCause.Transfer, Assert.Single(Stored(WriteOutcome.Stored).Items).Cause);

        Assert.Equal(Key("a"), source.ExpectMsg<ChunkRequest>(Given.Long).After);
        source.Reply(new TransferChunk([new KeySet(Key("b"), Set("2"))], IsLast: true));
        Stored(WriteOutcome.Stored);

        Assert.Equal([Given.N2, Given.N3], new[] { Compared(null), Compared(null) }.Order());
        Assert.Equal(new PartitionReceived(2, ChangeOfRing.PlanId, 0), ExpectMsg<PartitionReceived>(Given.Long));
    }

    [Fact]
    public void Nothing_is_asked_for_before_every_member_has_heard_of_the_plan()
    {
        Start(View(unaware: Given.N3));
        AwaitAssert(
            () =>
            {
                _transfers.Tell(new TransfersRequest(0));
                Assert.Contains("n3", Assert.Single(ExpectMsg<TransferReports>(Given.Long).Reports).Waiting, StringComparison.Ordinal);
            },
            Given.Long, Given.Often);
        Assert.False(_n2.HasMessages || _n3.HasMessages);
        _transfers.Tell(new ViewChanged(View(), 1));
        Source(out _);
    }

    [Fact]
    public void A_chunk_that_is_not_stored_here_is_asked_for_again()
    {
        Start(View());
        Source(out _).Reply(new TransferChunk([new KeySet(Key("a"), Set("1"))], IsLast: true));
        Stored(WriteOutcome.Refused);
        Source(out var again);
        Assert.Null(again.After);
    }

    [Fact]
    public void Chunks_that_fail_are_logged_when_that_begins_and_when_it_ends()
    {
        var log = CreateTestProbe("log");
        Sys.EventStream.SetLogLevel(LogLevel.InfoLevel);
        Sys.EventStream.Subscribe(log, typeof(Warning));
        Sys.EventStream.Subscribe(log, typeof(Info));
        Start(View());
        for (var attempt = 0; attempt < 2; attempt++)
        {
            Source(out _).Reply(new TransferChunk([new KeySet(Key("a"), Set("1"))], IsLast: true));
            Stored(WriteOutcome.Refused);
        }
        Source(out _).Reply(new TransferChunk([], IsLast: true));
        foreach (var line in new[] { " failed: some of its records could not be stored here. It is tried again", " succeeds again" })
        {
            var next = log.FishForMessage<LogEvent>(e => e.Message.ToString()!.StartsWith("receiving a partition from node n", StringComparison.Ordinal), Given.Long);
            Assert.EndsWith(line, next.Message.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_partition_is_not_received_while_an_owner_cannot_be_compared()
    {
        Start(View());
        Source(out _).Reply(new TransferChunk([], IsLast: true));
        Compared(null);
        Compared("its trees are being built");
        Source(out _).Reply(new TransferChunk([], IsLast: true));
        Compared(null);
        Compared(null);
        ExpectMsg<PartitionReceived>(Given.Long);
    }

    [Fact]
    public async Task After_a_restart_a_transfer_resumes()
    {
        await _engine.NameAsync(TransferCursor.Name, new TransferCursor(ChangeOfRing.PlanId, 0, Key("m")).Save());
        Start(View());
        Source(out var asked);
        Assert.Equal(Key("m"), asked.After);
    }

    [Fact]
    public void With_most_owners_down_a_transfer_waits()
    {
        Start(View() with { Unreachable = [Given.N2, Given.N3] });
        AwaitAssert(
            () =>
            {
                _transfers.Tell(new TransfersRequest(0));
                Assert.Contains("0 of its 2 owners", Assert.Single(ExpectMsg<TransferReports>(Given.Long).Reports).Waiting, StringComparison.Ordinal);
            },
            Given.Long, Given.Often);
    }

    [Fact]
    public void A_partition_with_no_owner_left_begins_empty()
    {
        Member[] members = [_self, .. new[] { Given.N2, Given.N3 }.Select(n => _peers[n].Member with { Status = MemberStatus.Removed })];
        Start(ChangeOfRing.View(members, [Given.N2, Given.N3], [Given.N1]));
        Assert.Equal(new PartitionReceived(2, ChangeOfRing.PlanId, 0), ExpectMsg<PartitionReceived>(Given.Long));
    }

    [Fact]
    public async Task It_serves_records_in_chunks_of_the_requested_size()
    {
        for (var i = 0; i < 5; i++) await _engine.StoreAsync([new MergeIn(new RecordKey(Key($"k{i}")), Set(new string('x', 400)), ConflictMode.Siblings)]);
        Start(View());
        var (keys, after) = (new List<StorageKey>(), (StorageKey?)null);
        for (var isLast = false; !isLast;)
        {
            _transfers.Tell(new ChunkRequest(0, after, 900));
            var chunk = ExpectMsg<TransferChunk>(Given.Long);
            Assert.InRange(chunk.Records.Length, 1, 2);
            keys.AddRange(chunk.Records.Select(r => r.Key));
            (after, isLast) = (keys[^1], chunk.IsLast);
        }
        Assert.Equal(5, keys.Distinct().Count());
    }

    private static StorageKey Key(string name) => StorageKey.Of(name);

    private static VersionSet Set(string value) => Given.Value(value, 2);

    private ClusterView View(params NodeId[] unaware) =>
        ChangeOfRing.View([_self, _peers[Given.N2].Member, _peers[Given.N3].Member], [Given.N2, Given.N3], [Given.N2, Given.N1], unaware);

    private void Start(ClusterView view)
    {
        var props = TransferActor.Props(Given.Settings(Quick), _engine, _replica, _antiEntropy, new BackgroundPace(TimeSpan.FromSeconds(1)));
        var test = TestActor;
        _transfers = Sys.ActorOf(Props.Create(() => new Parent(props, test)));
        _transfers.Tell(new ViewChanged(view, 0));
    }

    private TestProbe Play(NodeId node)
    {
        var probe = CreateTestProbe();
        _peers[node].Play(NodePaths.Transfers, probe);
        return probe;
    }

    // Either owner may be asked first.
    private TestProbe Source(out ChunkRequest asked)
    {
        AwaitCondition(() => _n2.HasMessages || _n3.HasMessages, Given.Long, Given.Often);
        var source = _n2.HasMessages ? _n2 : _n3;
        asked = source.ExpectMsg<ChunkRequest>(Given.Long);
        return source;
    }

    private WriteBatch Stored(WriteOutcome outcome)
    {
        var batch = _replica.ExpectMsg<WriteBatch>(Given.Long);
        _replica.Reply(new WriteAnswers([.. batch.Items.Select(_ => outcome)]));
        return batch;
    }

    private NodeId Compared(string? failure)
    {
        var question = _antiEntropy.ExpectMsg<Reconcile>(Given.Long);
        _antiEntropy.Reply(new Reconciled(question, failure));
        return question.Peer;
    }
}
