using System.Diagnostics.Metrics;
using Akka.Actor;
using Dynamo.Actors.Shared;
using Dynamo.Actors.Storage;
using Dynamo.Core.Buckets;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;
using Dynamo.Protocol;
using Dynamo.Storage.Memory;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.Coordinator;

public sealed class PutTests(Peers peers) : CoordinatorTest(peers)
{
    private static readonly NodeId N5 = new("n5");

    [Fact]
    public void A_write_that_leaves_more_siblings_than_warn_siblings_is_counted()
    {
        var counted = new List<long>();
        using var listener = new MeterListener();
        listener.EnableMeasurementEvents(NodeMetrics.SiblingWarnings);
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            if (tags[0].Value as string == "crowded") counted.Add(count);
        });

        Start(hocon: "dynamo.bucket.warn-siblings = 1");
        var n2 = ReplicaOf(Given.N2);
        var key = Enumerable.Range(0, 255).Select(i => StorageKey.Of("crowded", [(byte)i])).First(k => Ring.Walk(Ring.PartitionOf(k.Token))[0] == Given.N1);
        foreach (var value in new[] { "apple", "pear" })
        {
            Assert.Empty(counted);
            Ask(Put(key, value));
            ExpectMint();
            ExpectWrite(n2);
            ExpectReply<PutReply>();
        }
        Assert.Equal([1], counted);
    }

    [Fact]
    public async Task A_blind_put_is_stamped_above_the_later_stamp_that_a_replica_holds()
    {
        Start(hocon: "dynamo.bucket.conflicts = last-write-wins");
        var (n2, n3) = (ReplicaOf(Given.N2), ReplicaOf(Given.N3));
        var key = KeyOf(Given.N1);
        // n2 took a write through a node whose clock is an hour ahead; n1 and n3 have not heard of it.
        var late = new Write(CausalContext.Empty, "old"u8.ToArray(), false, 1, DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeMilliseconds());
        using var held = new MemoryEngine(new StoreId(2));
        using var empty = new MemoryEngine(new StoreId(3));
        await held.WriteAsync([new Mint(new RecordKey(key), late, ConflictMode.LastWriteWins)]);

        Ask(Put(key, "new"));
        ExpectMint();
        ExpectMerge(n2, held);
        Assert.Equal(late.TimestampMs, ExpectMint().Again?.AboveMs);
        var again = ExpectMerge(n2, held);
        Assert.Equal(("new", late.TimestampMs + 1), (Given.Text(again.Set), again.Set.Siblings[0].TimestampMs));
        ExpectReply<PutReply>();
        Assert.Equal("new", Given.Text(held.Read(new RecordKey(key)).Versions));

        // n3 took the former stamp, over which the old write would win.
        ExpectMerge(n3, empty);
        Assert.Equal(again.Set, ExpectMerge(n3, empty).Set);
        ExpectNoMoreReplies();
    }

    [Fact]
    public void The_local_store_mints_the_others_merge_and_W_of_them_are_enough()
    {
        Start();
        var (n2, n3) = (ReplicaOf(Given.N2), ReplicaOf(Given.N3));
        var key = KeyOf(Given.N1);
        Ask(Put(key, "apple"));
        var minted = ExpectMint();
        Assert.Equal((key, null), (minted.Key, minted.HintFor));

        var written = ExpectWrite(n2);
        Assert.Equal((key, null, WriteCause.Put), (written.Key, written.HintFor, written.Cause));
        Assert.Equal("apple", Given.Text(written.Set));
        var reply = ExpectReply<PutReply>();
        Assert.Equal(2, reply.W);
        Assert.Equal([new ReceiptLine(Given.N1, null, true), new ReceiptLine(Given.N2, null, true)], reply.Took.ToArray());
        using var contexts = NewContexts();
        Assert.Equal(written.Set.Clock, contexts.Open(reply.Context, key));

        // The third is asked as well; its answer changes nothing for the client.
        Assert.Equal(written.Set, ExpectWrite(n3).Set);
        ExpectNoMoreReplies();
    }

    [Fact]
    public void The_context_covers_what_the_writer_saw_and_not_its_siblings()
    {
        Start();
        var (n2, n3) = (ReplicaOf(Given.N2), ReplicaOf(Given.N3));
        var key = KeyOf(Given.N1);
        Ask(Put(key, "apple"));
        ExpectMint();
        var apple = ExpectWrite(n2).Set;
        ExpectWrite(n3);
        var first = ExpectReply<PutReply>();
        Ask(Put(key, "pear"));
        ExpectMint();
        Assert.Equal("apple pear", Given.Text(ExpectWrite(n2).Set));
        ExpectWrite(n3);
        using var contexts = NewContexts();
        Assert.False(contexts.Open(ExpectReply<PutReply>().Context, key).Covers(apple.Siblings[0].Dot));

        Ask(Put(key, "plum", context: first.Context.ToArray()));
        ExpectMint();
        Assert.Equal("pear plum", Given.Text(ExpectWrite(n2).Set));
    }

    [Fact]
    public void When_too_few_store_it_the_error_names_the_numbers()
    {
        Start();
        var (n2, n3) = (ReplicaOf(Given.N2), ReplicaOf(Given.N3));
        Ask(Put(KeyOf(Given.N1), "apple"));
        ExpectMint();
        ExpectWrite(n2, WriteOutcome.Refused);
        ExpectWrite(n3, WriteOutcome.Refused);
        var failed = ExpectFailure(FailureKind.QuorumNotMet);
        Assert.Equal((2, 1), (failed.Needed, failed.Had));
        Assert.Equal("1 of the 2 needed answered; the write may still take effect", failed.Reason);
    }

    [Fact]
    public void A_fallback_takes_the_place_of_a_replica_that_fails()
    {
        Start(nodes: 5);
        var (n2, n3, n4) = (ReplicaOf(Given.N2), ReplicaOf(Given.N3), HintsOf(Given.N4));
        Ask(Put(KeyOf(Given.N1), "apple", new QuorumOverrides(W: 3)));
        ExpectMint();
        ExpectWrite(n3);
        ExpectWrite(n2, WriteOutcome.Refused);
        var hint = ExpectWrite(n4, WriteOutcome.Stored);
        Assert.Equal(Given.N2, hint.HintFor);
        Assert.Equal("apple", Given.Text(hint.Set));
        var took = ExpectReply<PutReply>().Took;
        Assert.Equal(
            [new ReceiptLine(Given.N1, null, true), new ReceiptLine(Given.N3, null, true), new ReceiptLine(Given.N4, Given.N2, false)],
            took.OrderBy(t => t.Node));
    }

    [Fact]
    public void A_fallback_that_fails_is_followed_by_the_next()
    {
        Start(nodes: 5);
        var (n2, n3, n4, n5) = (ReplicaOf(Given.N2), ReplicaOf(Given.N3), HintsOf(Given.N4), HintsOf(N5));
        Ask(Put(KeyOf(Given.N1), "apple", new QuorumOverrides(W: 3)));
        ExpectMint();
        ExpectWrite(n3);
        ExpectWrite(n2, WriteOutcome.Refused);
        ExpectWrite(n4, WriteOutcome.Refused);
        Assert.Equal(Given.N2, ExpectWrite(n5).HintFor);
        Assert.Contains(new ReceiptLine(N5, Given.N2, true), ExpectReply<PutReply>().Took);
    }

    [Fact]
    public void A_failure_after_the_reply_still_becomes_a_hint()
    {
        Start(nodes: 5);
        var (n2, n3, n4) = (ReplicaOf(Given.N2), ReplicaOf(Given.N3), HintsOf(Given.N4));
        Ask(Put(KeyOf(Given.N1), "apple"));
        ExpectMint();
        ExpectWrite(n3);
        ExpectReply<PutReply>();
        ExpectWrite(n2, WriteOutcome.Refused);
        Assert.Equal(Given.N2, ExpectWrite(n4).HintFor);
        ExpectNoMoreReplies();
    }

    [Fact]
    public void A_replica_that_does_not_answer_in_time_has_failed()
    {
        Start(nodes: 5, "dynamo.request.replica-timeout = 200ms");
        var (n2, n4) = (ReplicaOf(Given.N2), HintsOf(Given.N4));
        Ask(Put(KeyOf(Given.N1), "apple", new QuorumOverrides(W: 3)));
        ExpectMint();
        ExpectWrite(n2, outcome: null);
        Assert.Contains(ExpectWrite(n4).HintFor!.Value, new[] { Given.N2, Given.N3 });
    }

    [Fact]
    public void A_replica_that_is_only_late_and_has_no_fallback_is_asked_again()
    {
        Start(hocon: "dynamo.request.replica-timeout = 50ms");
        var (n2, n3) = (ReplicaOf(Given.N2), ReplicaOf(Given.N3));
        Ask(Put(KeyOf(Given.N1), "apple"));
        ExpectMint();
        ExpectWrite(n3, outcome: null);
        var first = ExpectWrite(n2, outcome: null);
        Assert.Equal(first.Set, ExpectWrite(n2).Set);
        Assert.Contains(new ReceiptLine(Given.N2, null, true), ExpectReply<PutReply>().Took);
    }

    [Fact]
    public void A_replica_that_is_late_and_believed_down_is_not_waited_for()
    {
        Start(hocon: "dynamo.request.replica-timeout = 50ms", down: [Given.N2, Given.N3]);
        Ask(Put(KeyOf(Given.N1), "apple"));
        ExpectMint();
        Assert.Equal(1, ExpectFailure(FailureKind.QuorumNotMet).Had);
    }

    [Fact]
    public void A_node_that_is_believed_down_is_not_asked()
    {
        Start(nodes: 5, down: Given.N2);
        var (n2, n3, n4) = (ReplicaOf(Given.N2), ReplicaOf(Given.N3), HintsOf(Given.N4));
        Ask(Put(KeyOf(Given.N1), "apple", new QuorumOverrides(W: 3)));
        ExpectMint();
        ExpectWrite(n3);
        Assert.Equal(Given.N2, ExpectWrite(n4).HintFor);
        ExpectReply<PutReply>();
        Assert.False(n2.HasMessages);
    }

    [Fact]
    public void Without_a_fallback_a_node_that_is_believed_down_is_still_asked()
    {
        Start(down: Given.N2);
        var (n2, n3) = (ReplicaOf(Given.N2), ReplicaOf(Given.N3));
        Ask(Put(KeyOf(Given.N1), "apple", new QuorumOverrides(W: 3)));
        ExpectMint();
        ExpectWrite(n3);
        ExpectWrite(n2);
        Assert.Equal(3, ExpectReply<PutReply>().Took.Length);
    }

    [Fact]
    public void A_store_that_cannot_take_the_write_says_why_and_no_other_node_gets_it()
    {
        Start();
        var n2 = ReplicaOf(Given.N2);
        var put = Put(KeyOf(Given.N1), "apple");
        Ask(put);
        Replica.ExpectMsg<MintBatch>(Given.Long);
        Replica.Reply(new Status.Failure(new StoreException("the disk is full")));
        Assert.Equal("node n1 could not store the write: the disk is full", ExpectFailure(FailureKind.NotStored).Reason);
        Assert.False(n2.HasMessages);
        // The client has gone on to another node: the same request, if the network delivers it again, must not become a second write.
        Ask(put);
        ExpectNoMoreReplies();
        Assert.False(Replica.HasMessages);
    }

    [Fact]
    public void A_store_that_does_not_answer_may_still_take_the_write()
    {
        Start(hocon: "dynamo.request.timeout = 200ms");
        var put = Put(KeyOf(Given.N1), "apple");
        Ask(put);
        Replica.ExpectMsg<MintBatch>(Given.Long);
        var failed = ExpectFailure(FailureKind.QuorumNotMet);
        Assert.Equal((2, 0), (failed.Needed, failed.Had));
        Assert.StartsWith("0 of the 2 needed answered in time", failed.Reason, StringComparison.Ordinal);
        Assert.EndsWith("; the write may still take effect", failed.Reason, StringComparison.Ordinal);
        // A second delivery must therefore not become another write.
        Ask(put);
        Ask(Put(KeyOf(Given.N1), "pear"));
        Assert.Equal("pear", System.Text.Encoding.UTF8.GetString(ExpectMint().Write.Value.Span));
    }

    [Fact]
    public void A_fallback_coordinates_with_the_hint_it_keeps_for_the_primary()
    {
        Start(nodes: 4, down: Given.N4);
        var (n2, n3) = (ReplicaOf(Given.N2), ReplicaOf(Given.N3));
        Ask(Put(KeyOf(Given.N2), "apple", new QuorumOverrides(W: 3)));
        Assert.Equal(Given.N4, ExpectMint(Hints).HintFor);
        Assert.Null(ExpectWrite(n2).HintFor);
        Assert.Null(ExpectWrite(n3).HintFor);
        Assert.Contains(new ReceiptLine(Given.N1, Given.N4, true), ExpectReply<PutReply>().Took);
    }

    [Fact]
    public void A_node_that_is_no_replica_forwards_a_write_once()
    {
        Start(nodes: 4);
        var n2 = Played(Given.N2, NodePaths.Coordinator);
        var request = Put(KeyOf(Given.N2), "apple");
        Ask(request);
        var passed = Assert.IsType<PutRequest>(Assert.Single(n2.ExpectMsg<ClientBatch>(Given.Long).Requests));
        Assert.Equal(Shown.Of(request with { IsForwarded = true }), Shown.Of(passed));
        // The answer goes straight to the client, past the node that forwarded the put.
        n2.Reply(new ClientReplies([new PutReply(request.Id, default, 2, [])], 77));
        Assert.Equal(request.Id, ExpectReply<PutReply>().Id);

        Ask(Put(KeyOf(Given.N2), "pear", isForwarded: true));
        Assert.Contains("node n1 is no replica of the key", ExpectFailure(FailureKind.WrongNode).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_write_that_the_network_delivers_twice_is_one_write()
    {
        Start();
        var (n2, n3) = (ReplicaOf(Given.N2), ReplicaOf(Given.N3));
        var twice = Put(KeyOf(Given.N1), "apple");
        Ask(twice);
        Ask(twice);
        ExpectMint();
        ExpectWrite(n2);
        ExpectWrite(n3);
        ExpectReply<PutReply>();
        Ask(Put(KeyOf(Given.N1), "pear"));
        Assert.Equal("pear", System.Text.Encoding.UTF8.GetString(ExpectMint().Write.Value.Span));
    }

    [Fact]
    public void Fallbacks_do_not_count_toward_PW()
    {
        Start(nodes: 5, down: Given.N2);
        var (n3, n4) = (ReplicaOf(Given.N3), HintsOf(Given.N4));
        Ask(Put(KeyOf(Given.N1), "apple", new QuorumOverrides(PW: 3)));
        ExpectMint();
        ExpectWrite(n3);
        ExpectWrite(n4);
        Assert.Contains("of 3 primaries", ExpectFailure(FailureKind.QuorumNotMet).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Unsynced_copies_do_not_count_toward_DW()
    {
        Start();
        var (n2, n3) = (ReplicaOf(Given.N2), ReplicaOf(Given.N3));
        Ask(Put(KeyOf(Given.N1), "apple", new QuorumOverrides(DW: 2)));
        ExpectMint(synced: false);
        ExpectWrite(n2);
        ExpectWrite(n3);
        Assert.Equal([false, true, true], ExpectReply<PutReply>().Took.Select(t => t.Synced));

        // The coordinator's own copy is the synced one: the last of the other answers decides, and all three count.
        Ask(Put(KeyOf(Given.N1), "pear", new QuorumOverrides(DW: 2)));
        ExpectMint(synced: true);
        ExpectWrite(n2, WriteOutcome.Stored);
        ExpectWrite(n3, WriteOutcome.Stored);
        Assert.Contains("1 of 2 synced", ExpectFailure(FailureKind.QuorumNotMet).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_incoming_owner_gets_the_write_too_and_a_hint_if_it_refuses_it()
    {
        Start(nodes: 4);
        var key = KeyOf(Given.N1);
        var walk = Ring.Walk(Ring.PartitionOf(key.Token));
        var (incoming, second) = (walk[3], ReplicaOf(walk[1]));
        var newOwner = ReplicaOf(incoming);
        GiveAllTo(incoming);
        foreach (var outcome in new[] { WriteOutcome.Stored, WriteOutcome.Refused })
        {
            Ask(Put(key, "apple"));
            ExpectMint();
            Assert.Null(ExpectWrite(newOwner, outcome).HintFor);
            ExpectWrite(second);
            Assert.Equal(2, ExpectReply<PutReply>().Took.Length);
        }
        Assert.Equal(incoming, ExpectWrite(Hints).HintFor);
    }

    [Fact]
    public void A_value_that_makes_the_siblings_too_large_is_refused_and_one_that_replaces_them_is_not()
    {
        Start(hocon: "dynamo.limits.record-bytes = 1KiB");
        var (n2, key, large) = (ReplicaOf(Given.N2), KeyOf(Given.N1), new string('x', 600));
        Ask(Put(key, large));
        ExpectMint();
        ExpectWrite(n2);
        var context = ExpectReply<PutReply>().Context.ToArray();
        Ask(Put(key, large));
        ExpectMint();
        var reason = ExpectFailure(FailureKind.BadRequest).Reason;
        Assert.Contains("1 siblings of 600 bytes together", reason, StringComparison.Ordinal);
        Assert.Contains("dynamo.limits.record-bytes", reason, StringComparison.Ordinal);
        Assert.False(n2.HasMessages);
        Ask(Put(key, large, context: context));
        ExpectMint();
        Assert.Single(ExpectWrite(n2).Set.Siblings);
        ExpectReply<PutReply>();
    }

    [Fact]
    public void A_request_overrides_the_buckets_quorum()
    {
        Start();
        Ask(Put(KeyOf(Given.N1), "apple", new QuorumOverrides(N: 1)));
        ExpectMint();
        var reply = ExpectReply<PutReply>();
        Assert.Equal((1, 1), (reply.W, reply.Took.Length));
    }

    [Fact]
    public void Items_that_are_ready_share_a_message()
    {
        Start();
        var (n2, key) = (ReplicaOf(Given.N2), KeyOf(Given.N1));
        Ask([.. Enumerable.Range(0, 10).Select(i => Put(key, $"{i}"))]);
        var mints = Replica.ExpectMsg<MintBatch>(Given.Long);
        Assert.Equal(10, mints.Items.Length);
        Replica.Reply(MintAll(mints));
        Assert.Equal(10, n2.ExpectMsg<WriteBatch>(Given.Long).Items.Length);
        n2.Reply(new WriteAnswers([.. Enumerable.Repeat(WriteOutcome.Stored, 10)]));
        Assert.Equal(10, Client.ExpectMsg<ClientReplies>(Given.Long).Replies.Length);
    }

    [Fact]
    public void An_answer_of_the_wrong_length_is_a_failure()
    {
        Start(nodes: 5);
        var (n2, n3, n4) = (ReplicaOf(Given.N2), ReplicaOf(Given.N3), HintsOf(Given.N4));
        Ask(Put(KeyOf(Given.N1), "apple", new QuorumOverrides(W: 3)));
        ExpectMint();
        n2.ExpectMsg<WriteBatch>(Given.Long);
        n2.Reply(new WriteAnswers([]));
        Assert.Equal(Given.N2, ExpectWrite(n4).HintFor);
        ExpectWrite(n3);
        ExpectReply<PutReply>();
    }
}
