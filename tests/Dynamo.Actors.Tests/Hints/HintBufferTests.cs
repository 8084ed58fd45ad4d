using Akka.Actor;
using Akka.Event;
using Akka.TestKit;
using Dynamo.Actors.Hints;
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

namespace Dynamo.Actors.Tests.Hints;

/// <summary>The hint buffer of n1; the owners' replicas are probes at other addresses.</summary>
public sealed class HintBufferTests : Akka.TestKit.Xunit2.TestKit, IClassFixture<Peers>
{
    private static readonly VersionSet Apple = Given.Value("apple", 1);
    private static readonly VersionSet Pear = Given.Value("pear", 2);
    private readonly Peers _peers;
    private readonly HeldEngine _engine = new(new MemoryEngine(new StoreId(0xABC)));
    private IActorRef _hints = ActorRefs.Nobody;

    public HintBufferTests(Peers peers)
        : base(Given.Remoting, NodePaths.SystemName)
    {
        _peers = peers;
        peers.FallSilent();
    }

    // ---- storing

    [Fact]
    public void It_keeps_hints_up_to_its_limit()
    {
        Start("max = 3", Given.N2);
        Assert.Equal([WriteOutcome.Stored, WriteOutcome.Stored], Keep(("a", Given.N2), ("b", Given.N2)));
        Assert.Equal([WriteOutcome.Refused, WriteOutcome.Refused], Keep(("c", Given.N2), ("d", Given.N3)));
        Assert.Equal([WriteOutcome.Stored], Keep(("c", Given.N3)));
        Assert.Equal([WriteOutcome.Refused], Keep(("e", Given.N3)));
        Assert.Equal([new HintCount(Given.N2, 2), new HintCount(Given.N3, 1)], _engine.HintCounts());

        _hints.Tell(new MintBatch([new MintItem(StorageKey.Of("f"), Given.N2, Given.Write("x"), ConflictMode.Siblings)]), TestActor);
        Assert.Equal("node n1 keeps 3 hints: 3 is the limit (dynamo.hints.max)", ExpectMsg<Status.Failure>(Given.Long).Cause.Message);
    }

    [Fact]
    public void It_keeps_hints_up_to_its_limit_in_bytes()
    {
        // A key of one byte takes two, because the length of the bucket's name is stored with it. Hints being stored count too.
        Start("max-bytes = 107B", Given.N2);
        var large = Given.Value(new string('x', 100), 1);
        Assert.Equal([WriteOutcome.Stored], Keep(large, ("a", Given.N2)));
        Assert.Equal([WriteOutcome.Refused], Keep(("b", Given.N2)));
        _hints.Tell(new MintBatch([new MintItem(StorageKey.Of("b"), Given.N2, Given.Write("pears"), ConflictMode.Siblings)]), TestActor);
        Assert.Equal("node n1 keeps 102 bytes of hints: 107 is the limit (dynamo.hints.max-bytes)", ExpectMsg<Status.Failure>(Given.Long).Cause.Message);
        _engine.Hold();
        _hints.Tell(BatchOf(Given.Value("x", 1), [("c", Given.N2)]), TestActor);
        Assert.Equal([WriteOutcome.Refused], Keep(Given.Value("x", 1), ("d", Given.N2)));
        _engine.Release();
        Assert.Equal([WriteOutcome.Stored], ExpectMsg<WriteAnswers>(Given.Long).Outcomes.ToArray());
        Assert.Equal([WriteOutcome.Stored], Keep(Given.Value("", 1), ("d", Given.N2)));
        Assert.Equal(3, _engine.Figures.Hints);
    }

    [Fact]
    public void Hints_being_stored_count_toward_the_limit()
    {
        Start("max = 3", Given.N2);
        _engine.Hold();
        Tell(("a", Given.N2), ("b", Given.N2));
        Tell(("c", Given.N2), ("d", Given.N2));
        Assert.Equal([WriteOutcome.Refused, WriteOutcome.Refused], ExpectMsg<WriteAnswers>(Given.Long).Outcomes.ToArray());
        _engine.Release();
        Assert.Equal([WriteOutcome.Stored, WriteOutcome.Stored], ExpectMsg<WriteAnswers>(Given.Long).Outcomes.ToArray());
        Assert.Equal([WriteOutcome.Stored], Keep(("c", Given.N2)));
    }

    [Fact]
    public void Hints_being_stored_count_once_even_if_the_actor_restarts_meanwhile()
    {
        Start("max = 3", Given.N2);
        _engine.Hold();
        Tell(("a", Given.N2), ("b", Given.N2));
        // A message that it cannot handle makes it fail, and it is restarted.
        _hints.Tell(new StoreDone(null!, null!, null!), TestActor);
        Assert.Equal([WriteOutcome.Refused, WriteOutcome.Refused], Keep(("c", Given.N2), ("d", Given.N2)));
        _engine.Release();
        Assert.Equal([WriteOutcome.Stored, WriteOutcome.Stored], ExpectMsg<WriteAnswers>(Given.Long).Outcomes.ToArray());
        Assert.Equal([WriteOutcome.Stored], Keep(("c", Given.N2)));
        Assert.Equal([WriteOutcome.Refused], Keep(("d", Given.N2)));
    }

    [Fact]
    public void Writes_that_a_fallback_coordinates_are_minted_into_the_hints()
    {
        Start("max = 3", Given.N2);
        var key = StorageKey.Of("a");
        _hints.Tell(new MintBatch([new MintItem(key, Given.N2, Given.Write("x"), ConflictMode.Siblings)]), TestActor);
        Assert.Equal(Given.Dot(0xABC, 1, 1), ExpectMsg<Minted>(Given.Long).Applied[0].Minted);
        Assert.Equal("x", Given.Text(_engine.Read(new RecordKey(key, Given.N2)).Versions));
        Assert.Equal(Record.None, _engine.Read(new RecordKey(key)));
    }

    // ---- handing off

    [Fact]
    public void Hints_are_sent_to_an_owner_that_is_back_and_dropped_once_it_has_them()
    {
        var n2 = Play(Given.N2);
        Start("", Given.N2);
        Keep(("a", Given.N2), ("b", Given.N2));
        Assert.False(n2.HasMessages);

        Show();
        var handed = n2.ExpectMsg<WriteBatch>(Given.Long);
        Assert.Equal(["a", "b"], handed.Items.Select(i => i.Key.ToString()).Order());
        Assert.All(handed.Items, i => Assert.Equal((Apple, null, WriteCause.Hint), (i.Set, i.HintFor, i.Cause)));
        Assert.Equal(2, _engine.Figures.Hints);
        n2.Reply(new WriteAnswers([WriteOutcome.Stored, WriteOutcome.Synced]));
        AwaitAssert(() => Assert.Equal(0, _engine.Figures.Hints), Given.Long, Given.Often);
    }

    [Fact]
    public void Hints_that_the_owner_refuses_stay_and_are_offered_again()
    {
        var n2 = Play(Given.N2);
        Start("");
        Keep(("a", Given.N2), ("b", Given.N2));
        var first = FullBatch(n2, 2);
        n2.Reply(new WriteAnswers([WriteOutcome.Refused, WriteOutcome.Stored]));
        var again = n2.ExpectMsg<WriteBatch>(Given.Long);
        Assert.Equal([first.Items[0].Key], again.Items.Select(i => i.Key));
        Assert.Equal(1, _engine.Figures.Hints);
    }

    [Fact]
    public void Hand_overs_that_fail_are_logged_when_that_begins_and_when_it_ends()
    {
        var log = CreateTestProbe("log");
        Sys.EventStream.SetLogLevel(LogLevel.InfoLevel);
        Sys.EventStream.Subscribe(log, typeof(Warning));
        Sys.EventStream.Subscribe(log, typeof(Info));
        var n2 = Play(Given.N2);
        Start("", Given.N2);
        Keep(("a", Given.N2));
        Show();
        foreach (var outcome in new[] { WriteOutcome.Refused, WriteOutcome.Refused, WriteOutcome.Stored })
        {
            n2.ExpectMsg<WriteBatch>(Given.Long);
            n2.Reply(new WriteAnswers([outcome]));
        }
        foreach (var line in new[] { "node n2 failed: 1 of 1 hints were refused", "node n2 succeeds again" })
        {
            var next = log.FishForMessage<LogEvent>(e => e.Message.ToString()!.Contains("hand-over", StringComparison.Ordinal), Given.Long);
            Assert.StartsWith($"the hand-over of hints for {line}", next.Message.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_hint_that_the_owner_always_refuses_does_not_hold_up_the_others()
    {
        var n2 = Play(Given.N2);
        Start("batch = 1", Given.N2);
        Keep(("a", Given.N2), ("b", Given.N2), ("c", Given.N2));
        Show();
        var offered = new List<StorageKey>();
        var refused = _engine.ScanHints(Given.N2, null, 1)[0].Key;
        while (offered.Count < 5)
        {
            var item = Assert.Single(n2.ExpectMsg<WriteBatch>(Given.Long).Items);
            offered.Add(item.Key);
            n2.Reply(new WriteAnswers([item.Key == refused ? WriteOutcome.Refused : WriteOutcome.Stored]));
        }
        Assert.Equal(refused, offered[0]);
        Assert.Equal(3, offered[..3].Distinct().Count());
        Assert.Equal([refused, refused], offered[3..]);
        Assert.Equal(1, _engine.Figures.Hints);
    }

    [Fact]
    public void An_unanswered_batch_gives_way_to_the_next()
    {
        var n2 = Play(Given.N2);
        Start("batch = 1\n}\nrequest { timeout = 200ms", Given.N2);
        Keep(("a", Given.N2), ("b", Given.N2));
        Show();
        var first = n2.ExpectMsg<WriteBatch>(Given.Long).Items[0].Key;
        var second = n2.ExpectMsg<WriteBatch>(Given.Long).Items[0].Key;
        Assert.NotEqual(first, second);
        Assert.Equal(first, n2.ExpectMsg<WriteBatch>(Given.Long).Items[0].Key);
        Assert.Equal(2, _engine.Figures.Hints);
    }

    [Fact]
    public void A_key_whose_new_owner_is_down_waits_and_other_keys_do_not()
    {
        var (n2, n3) = (Play(Given.N2), Play(Given.N3));
        Start("max = 10\n}\nbucket { n = 1, r = 1, w = 1", Given.N4);
        var ring = Ring();
        var (key2, key3) = (KeyOf(Given.N2), KeyOf(Given.N3));
        Keep((key2.ToString(), Given.N4), (key3.ToString(), Given.N4));
        Tell(new ViewChanged(View(MemberStatus.Removed, [Given.N3]), 2));
        Assert.Equal(key2, n2.ExpectMsg<WriteBatch>(Given.Long).Items.Single().Key);
        n2.Reply(new WriteAnswers([WriteOutcome.Stored]));
        AwaitAssert(() => Assert.Equal(1, _engine.Figures.Hints), Given.Long, Given.Often);
        Assert.False(n3.HasMessages);
        Tell(new ViewChanged(View(MemberStatus.Removed, []), 3));
        Assert.Equal(key3, n3.ExpectMsg<WriteBatch>(Given.Long).Items.Single().Key);

        StorageKey KeyOf(NodeId owner) => Given.KeyWhere(k => ring.Primaries(ring.PartitionOf(k.Token), 1)[0] == owner);
    }

    [Fact]
    public void A_hint_that_cannot_be_read_is_skipped()
    {
        var n2 = Play(Given.N2);
        Start("", Given.N2);
        Keep(("a", Given.N2), ("b", Given.N2), ("c", Given.N2));
        var keys = _engine.ScanHints(Given.N2, null, 10).Select(h => h.Key).ToArray();
        _engine.Damage(keys[1]);
        Show();
        foreach (var key in new[] { keys[0], keys[2] })
        {
            Assert.Equal(key, n2.ExpectMsg<WriteBatch>(Given.Long).Items.Single().Key);
            n2.Reply(new WriteAnswers([WriteOutcome.Stored]));
        }
        AwaitAssert(() => Assert.Equal(1, _engine.Figures.Hints), Given.Long, Given.Often);
    }

    [Fact]
    public void An_answer_of_the_wrong_length_drops_nothing()
    {
        var n2 = Play(Given.N2);
        Start("");
        Keep(("a", Given.N2), ("b", Given.N2));
        FullBatch(n2, 2);
        n2.Reply(new WriteAnswers([WriteOutcome.Stored]));
        Assert.Equal(2, n2.ExpectMsg<WriteBatch>(Given.Long).Items.Length);
        Assert.Equal(2, _engine.Figures.Hints);
    }

    [Fact]
    public void A_hint_that_changes_during_its_handoff_stays()
    {
        var n2 = Play(Given.N2);
        Start("");
        Keep(("a", Given.N2));
        n2.ExpectMsg<WriteBatch>(Given.Long);
        Keep(Pear, ("a", Given.N2));
        n2.Reply(new WriteAnswers([WriteOutcome.Stored]));
        Assert.Equal("apple pear", Given.Text(n2.ExpectMsg<WriteBatch>(Given.Long).Items.Single().Set));
        n2.Reply(new WriteAnswers([WriteOutcome.Stored]));
        AwaitAssert(() => Assert.Equal(0, _engine.Figures.Hints), Given.Long, Given.Often);
    }

    [Fact]
    public void Batches_go_one_after_the_other()
    {
        var n2 = Play(Given.N2);
        Start("batch = 2", Given.N2);
        Keep([.. Enumerable.Range(0, 5).Select(i => ($"key-{i}", Given.N2))]);
        Show();
        foreach (var size in new[] { 2, 2, 1 })
        {
            Assert.Equal(size, n2.ExpectMsg<WriteBatch>(Given.Long).Items.Length);
            Assert.False(n2.HasMessages);
            n2.Reply(StoreBatches.All(size, WriteOutcome.Stored));
        }
        AwaitAssert(() => Assert.Equal(0, _engine.Figures.Hints), Given.Long, Given.Often);
    }

    [Fact]
    public void An_owner_that_refuses_everything_does_not_hold_up_the_others()
    {
        var (n2, n3) = (Play(Given.N2), Play(Given.N3));
        Start("", Given.N2, Given.N3);
        Keep(("a", Given.N2), ("b", Given.N3));
        Show();
        n2.ExpectMsg<WriteBatch>(Given.Long);
        n2.Reply(new WriteAnswers([WriteOutcome.Refused]));
        n3.ExpectMsg<WriteBatch>(Given.Long);
        n3.Reply(new WriteAnswers([WriteOutcome.Stored]));
        AwaitAssert(() => Assert.Equal([new HintCount(Given.N2, 1)], _engine.HintCounts()), Given.Long, Given.Often);
    }

    [Fact]
    public void Hints_for_a_gone_node_go_to_the_current_owners_of_the_keys()
    {
        var (n2, n3) = (Play(Given.N2), Play(Given.N3));
        Start("max = 10\n}\nbucket { n = 2, r = 1, w = 1", Given.N4);
        var ring = Ring();
        var key = Given.KeyWhere(k => ring.Primaries(ring.PartitionOf(k.Token), 2) is [var first, var second] && first == Given.N2 && second == Given.N3);
        Keep((key.ToString(), Given.N4));
        Tell(new ViewChanged(View(MemberStatus.Removed, []), 2));
        foreach (var heir in new[] { n2, n3 })
        {
            Assert.Equal(key, heir.ExpectMsg<WriteBatch>(Given.Long).Items.Single().Key);
            Assert.Equal(1, _engine.Figures.Hints);
            heir.Reply(new WriteAnswers([WriteOutcome.Stored]));
        }
        AwaitAssert(() => Assert.Equal(0, _engine.Figures.Hints), Given.Long, Given.Often);
    }

    [Fact]
    public void A_drained_node_takes_no_new_hints_and_hands_off_those_it_has()
    {
        var n2 = Play(Given.N2);
        Start("max = 10", Given.N2);
        Assert.Equal([WriteOutcome.Stored], Keep(("a", Given.N2)));
        _hints.Tell(new DrainRequest(true));
        Assert.Equal([WriteOutcome.Refused], Keep(("b", Given.N2)));
        _hints.Tell(new MintBatch([new MintItem(StorageKey.Of("c"), Given.N2, Given.Write("x"), ConflictMode.Siblings)]), TestActor);
        Assert.Contains("being drained", ExpectMsg<Status.Failure>(Given.Long).Cause.Message, StringComparison.Ordinal);
        Show();
        Assert.Equal("a", n2.ExpectMsg<WriteBatch>(Given.Long).Items.Single().Key.ToString());
        n2.Reply(new WriteAnswers([WriteOutcome.Stored]));
        AwaitAssert(() => Assert.Equal(0, _engine.Figures.Hints), Given.Long, Given.Often);
        _hints.Tell(new DrainRequest(false));
        Show(Given.N2);
        Assert.Equal([WriteOutcome.Stored], Keep(("d", Given.N2)));
    }

    private TestProbe Play(NodeId node)
    {
        var probe = CreateTestProbe($"{node}-replica");
        _peers[node].Play(NodePaths.Replica, probe);
        return probe;
    }

    private void Start(string hints, params NodeId[] down)
    {
        var settings = Given.Settings($"dynamo {{ hints {{ interval = 20ms\n{hints}\n}} }}");
        _hints = Sys.ActorOf(HintBuffer.Props(settings, _engine, new HintsUnderWay(), new BackgroundPace(TimeSpan.FromSeconds(1))));
        Show(down);
    }

    private void Show(params NodeId[] down) => Tell(new ViewChanged(View(MemberStatus.Up, down), 1));

    private void Tell(ViewChanged changed) => _hints.Tell(changed);

    private ClusterView View(MemberStatus ofN4, NodeId[] down)
    {
        var members = _peers.First(2).Select(p => p.Member).Append(Given.Member(Given.N1, new NodeAddress("127.0.0.1", 1)));
        var state = Given.State([.. members, _peers[Given.N4].Member with { Status = ofN4 }]).WithRing(8, owners: [Given.N1, Given.N2, Given.N3]);
        return new ClusterView(Given.N1, state, [.. down]);
    }

    private static HashRing Ring() => HashRing.Founding([Given.N1, Given.N2, Given.N3], 8, 3);

    private void Tell(params (string Key, NodeId Owner)[] hints) => _hints.Tell(BatchOf(Apple, hints), TestActor);

    private WriteOutcome[] Keep(params (string Key, NodeId Owner)[] hints) => Keep(Apple, hints);

    private WriteOutcome[] Keep(VersionSet set, params (string Key, NodeId Owner)[] hints)
    {
        _hints.Tell(BatchOf(set, hints), TestActor);
        return [.. ExpectMsg<WriteAnswers>(Given.Long).Outcomes];
    }

    private static WriteBatch BatchOf(VersionSet set, (string Key, NodeId Owner)[] hints) =>
        new([.. hints.Select(h => new WriteItem(StorageKey.Of(h.Key), set, h.Owner, ConflictMode.Siblings, WriteCause.Put))]);

    /// <summary>Refuses batches until one holds all hints: a batch may begin before all of them were stored.</summary>
    private static WriteBatch FullBatch(TestProbe owner, int size)
    {
        while (true)
        {
            var batch = owner.ExpectMsg<WriteBatch>(Given.Long);
            if (batch.Items.Length == size) return batch;
            owner.Reply(StoreBatches.All(batch.Items.Length, WriteOutcome.Refused));
        }
    }
}
