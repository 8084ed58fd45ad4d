using Akka.Actor;
using Akka.TestKit;
using Dynamo.Actors.Reaper;
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

namespace Dynamo.Actors.Tests.Reaper;

/// <summary>The reaper of n1, the first primary of a key with a tombstone; n2 and n3 are the other primaries, n4 is not one.</summary>
public sealed class ReaperTests : Akka.TestKit.Xunit2.TestKit, IClassFixture<Peers>
{
    private static readonly VersionSet Tombstone = Given.Value("x", 1).Put(Given.Delete(Given.Value("x", 1).Clock), Given.Dot(1, 1, 2));
    private readonly Peers _peers;
    private readonly HeldEngine _engine = new(new MemoryEngine(new StoreId(1)));
    private readonly StorageKey _key;
    private readonly ulong _digest;
    private readonly TestProbe _n2;
    private readonly TestProbe _n3;
    private readonly TestProbe _n4;

    public ReaperTests(Peers peers)
        : base(Given.Remoting, NodePaths.SystemName)
    {
        _peers = peers;
        peers.FallSilent();
        var ring = HashRing.Founding([Given.N1, Given.N2, Given.N3, Given.N4], 8, 3);
        _key = Given.KeyWhere(k => ring.Walk(ring.PartitionOf(k.Token))[0] == Given.N1);
        _digest = VersionCodec.Digest(_key, Tombstone);
        (_n2, _n3, _n4) = (Play(Given.N2), Play(Given.N3), Play(Given.N4));
    }

    [Fact]
    public async Task A_tombstone_that_all_primaries_hold_is_removed_at_each_of_them()
    {
        await StartAsync(Tombstone);
        foreach (var probe in new[] { _n2, _n3 }) AnswerStates(probe, _digest);
        AnswerStates(_n4, 0);
        foreach (var probe in new[] { _n2, _n3 })
        {
            var item = Assert.Single(probe.ExpectMsg<ReapBatch>(Given.Long).Items);
            Assert.Equal((_key, Tombstone), (item.Key, item.Set));
            probe.Reply(new WriteAnswers([WriteOutcome.Stored]));
        }
        AwaitAssert(() => Assert.Equal(Record.None, _engine.Read(new RecordKey(_key))), Given.Long, Given.Often);
        Assert.False(_n4.HasMessages);
    }

    [Fact]
    public async Task While_one_primary_differs_it_stays()
    {
        await StartAsync(Tombstone);
        for (var round = 0; round < 3; round++)
        {
            AnswerStates(_n2, _digest);
            AnswerStates(_n3, round == 2 ? _digest : 0);
            AnswerStates(_n4, 0);
        }
        // This is the first message other than a question.
        _n3.ExpectMsg<ReapBatch>(Given.Long);
    }

    [Fact]
    public async Task While_anybody_keeps_a_hint_for_the_key_it_stays()
    {
        await StartAsync(Tombstone);
        for (var round = 0; round < 3; round++)
        {
            AnswerStates(_n2, _digest);
            AnswerStates(_n3, _digest);
            AnswerStates(_n4, 0, hasHint: round < 2);
        }
        _n2.ExpectMsg<ReapBatch>(Given.Long);
    }

    [Fact]
    public async Task While_a_node_that_is_no_primary_has_a_copy_of_the_key_it_stays()
    {
        await StartAsync(Tombstone);
        var stray = VersionCodec.Digest(_key, Given.Value("x", 1));
        for (var round = 0; round < 3; round++)
        {
            AnswerStates(_n2, _digest);
            AnswerStates(_n3, _digest);
            AnswerStates(_n4, round switch { 0 => stray, 1 => _digest, _ => 0 });
        }
        _n2.ExpectMsg<ReapBatch>(Given.Long);
    }

    [Fact]
    public async Task An_answer_of_the_wrong_length_agrees_to_nothing()
    {
        await StartAsync(Tombstone);
        AnswerStates(_n2, _digest);
        AnswerStates(_n3, _digest);
        _n4.ExpectMsg<KeyStatesRequest>(Given.Long);
        _n4.Reply(new KeyStates([]));
        // The round ended without a removal: the next question goes to all.
        foreach (var probe in new[] { _n2, _n3, _n4 }) probe.ExpectMsg<KeyStatesRequest>(Given.Long);
    }

    [Fact]
    public async Task A_value_beside_the_tombstone_keeps_both()
    {
        var alive = Tombstone.Merge(Given.Value("beside", 2));
        var key = Given.KeyWhere(k => k != _key && Ring.Walk(Ring.PartitionOf(k.Token))[0] == Given.N1);
        await _engine.WriteAsync([new MergeIn(new RecordKey(key), alive, ConflictMode.Siblings)]);
        await StartAsync(Tombstone);
        Assert.Equal([_key], _n2.ExpectMsg<KeyStatesRequest>(Given.Long).Keys.ToArray());
    }

    [Fact]
    public async Task An_unreadable_record_does_not_hold_up_the_removal_of_others()
    {
        var before = Given.KeyWhere(k => StorageKey.Compare(k, _key) < 0);
        await _engine.WriteAsync([new MergeIn(new RecordKey(before), Tombstone, ConflictMode.Siblings)]);
        _engine.Damage(before);
        await StartAsync(Tombstone);
        foreach (var probe in new[] { _n2, _n3 }) AnswerStates(probe, _digest);
        AnswerStates(_n4, 0);
        Assert.Equal(_key, Assert.Single(_n2.ExpectMsg<ReapBatch>(Given.Long).Items).Key);
    }

    private static HashRing Ring => HashRing.Founding([Given.N1, Given.N2, Given.N3, Given.N4], 8, 3);

    private TestProbe Play(NodeId node)
    {
        var probe = CreateTestProbe($"{node}-replica");
        _peers[node].Play(NodePaths.Replica, probe);
        return probe;
    }

    private void AnswerStates(TestProbe probe, ulong digest, bool hasHint = false)
    {
        Assert.Equal([_key], probe.ExpectMsg<KeyStatesRequest>(Given.Long).Keys.ToArray());
        probe.Reply(new KeyStates([new KeyState(digest, hasHint)]));
    }

    private async Task StartAsync(VersionSet set)
    {
        await _engine.WriteAsync([new MergeIn(new RecordKey(_key), set, ConflictMode.Siblings)]);
        var settings = Given.Settings() with { Tombstones = new TombstoneSettings(Interval: TimeSpan.FromMilliseconds(20), Grace: TimeSpan.FromMilliseconds(50), Batch: 10) };
        var engine = _engine;
        // The local replica is asked at its address, like the others.
        Sys.ActorOf(Props.Create(() => new Root(engine)), NodePaths.Root);
        var reaper = Sys.ActorOf(ReaperActor.Props(settings, engine, new BackgroundPace(TimeSpan.FromSeconds(1))));
        var own = ((ExtendedActorSystem)Sys).Provider.DefaultAddress;
        var members = _peers.First(3).Select(p => p.Member).Prepend(Given.Member(Given.N1, new NodeAddress(own.Host, own.Port!.Value)));
        reaper.Tell(new ViewChanged(new ClusterView(Given.N1, Given.State([.. members]).WithRing(8), []), 1));
    }

    private sealed class Root(IStorageEngine engine) : UntypedActor
    {
        protected override void PreStart() => Context.ActorOf(StorageReplica.Props(Given.N1, engine, new HintsUnderWay()), NodePaths.NameOf(NodePaths.Replica, Given.N1));

        protected override void OnReceive(object message) => Unhandled(message);
    }
}
