using Dynamo.Core.Buckets;
using Dynamo.Core.Versioning;
using Dynamo.Protocol;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.Coordinator;

public sealed class GetTests(Peers peers) : CoordinatorTest(peers)
{
    private static readonly VersionSet Apple = Given.Value("apple", 1);
    private static readonly VersionSet Pear = Given.Value("pear", 2);

    [Fact]
    public void One_is_asked_for_the_value_and_the_others_for_digests()
    {
        Start();
        var (n2, n3) = (ReplicaOf(Given.N2), ReplicaOf(Given.N3));
        var key = KeyOf(Given.N1);
        Ask(Get(key));
        Assert.Equal(new ReadItem(key, null, DigestOnly: false), ExpectRead(Replica, Apple));
        Assert.Equal(new ReadItem(key, null, DigestOnly: true), ExpectRead(n2, Apple));
        var reply = ExpectReply<GetReply>();
        Assert.Equal(["apple"], Texts(reply));
        Assert.Equal(2, reply.Answered);
        using var contexts = NewContexts();
        Assert.Equal(Apple.Clock, contexts.Open(reply.Context, key));
        Assert.Equal(new ReadItem(key, null, DigestOnly: true), ExpectRead(n3, Apple));
        ExpectNoMoreReplies();
        Assert.False(n2.HasMessages);
    }

    [Fact]
    public void A_value_that_did_not_fit_the_answer_is_asked_for_again()
    {
        Start();
        var n2 = ReplicaOf(Given.N2);
        var key = KeyOf(Given.N1);
        Ask(Get(key));
        ExpectRead(Replica);
        Replica.Reply(new ReadAnswers([new ReadAnswer(null, VersionCodec.Digest(key, Apple))]));
        ExpectRead(n2, Apple);
        Assert.Equal(new ReadItem(key, null, DigestOnly: false), ExpectRead(Replica, Apple));
        Assert.Equal(["apple"], Texts(ExpectReply<GetReply>()));
    }

    [Fact]
    public void A_set_that_fits_no_answer_is_read_in_slices()
    {
        Start();
        var (n2, key) = (ReplicaOf(Given.N2), KeyOf(Given.N1));
        var both = Apple.Merge(Pear);
        Ask(Get(key));
        for (var tries = 0; tries < 2; tries++)
        {
            ExpectRead(Replica);
            Replica.Reply(new ReadAnswers([new ReadAnswer(null, VersionCodec.Digest(key, both))]));
        }
        var slices = SetSlices.Of(both, maxBytes: 1).ToArray();
        Assert.Equal(new SliceRequest(key, null, null), Replica.ExpectMsg<SliceRequest>(Given.Long));
        Replica.Reply(new SetSlice(slices[0], both.Siblings[0].Dot));
        Assert.Equal(new SliceRequest(key, null, both.Siblings[0].Dot), Replica.ExpectMsg<SliceRequest>(Given.Long));
        Replica.Reply(new SetSlice(slices[1], null));
        ExpectRead(n2, both);
        Assert.Equal(["apple", "pear"], Texts(ExpectReply<GetReply>()));
    }

    [Fact]
    public void Values_that_do_not_fit_one_message_come_in_several_replies()
    {
        Start();
        var large = Given.Values([.. Enumerable.Range(1, 3).Select(i => (new string((char)('a' + i), 3 << 20), Given.Dot((ulong)i, 1, 1), 0UL))]);
        Ask(Get(KeyOf(Given.N1), new QuorumOverrides(N: 1)));
        ExpectRead(Replica, large);
        var replies = Enumerable.Range(0, 3).Select(_ => Assert.IsType<GetReply>(Assert.Single(Client.ExpectMsg<ClientReplies>(Given.Long).Replies))).ToArray();
        Assert.Equal([true, true, false], replies.Select(r => r.HasMore));
        Assert.All(replies, r => Assert.Equal(replies[0].Context.ToArray(), r.Context.ToArray()));
        Assert.Equal(["b", "c", "d"], replies.SelectMany(Texts).Select(t => t[..1]));
    }

    [Fact]
    public void A_digest_that_differs_fetches_the_value_and_siblings_are_all_returned()
    {
        Start();
        var (n2, n3) = (ReplicaOf(Given.N2), ReplicaOf(Given.N3));
        var key = KeyOf(Given.N1);
        Ask(Get(key));
        ExpectRead(Replica, Apple);
        ExpectRead(n2, Pear);
        Assert.False(ExpectRead(n2, Pear).DigestOnly);
        var reply = ExpectReply<GetReply>();
        Assert.Equal(["apple", "pear"], Texts(reply));
        using var contexts = NewContexts();
        Assert.True(contexts.Open(reply.Context, key).Covers(Apple.Clock.Join(Pear.Clock)));
        ExpectRead(n3);
    }

    [Fact]
    public void After_the_reply_replicas_that_lag_are_sent_the_whole_set()
    {
        Start();
        var (n2, n3) = (ReplicaOf(Given.N2), ReplicaOf(Given.N3));
        Ask(Get(KeyOf(Given.N1)));
        ExpectRead(Replica, Apple);
        ExpectRead(n2, Pear);
        ExpectRead(n2, Pear);
        ExpectReply<GetReply>();
        // The last answer is late, and shows that its replica has nothing.
        ExpectRead(n3, VersionSet.Empty);
        ExpectRead(n3, VersionSet.Empty);
        foreach (var probe in new[] { Replica, n2, n3 })
        {
            var repair = ExpectWrite(probe);
            Assert.Equal("apple pear", Given.Text(repair.Set));
            Assert.Equal(WriteCause.ReadRepair, repair.Cause);
            Assert.Null(repair.HintFor);
        }
    }

    [Fact]
    public void Replicas_that_agree_are_left_alone()
    {
        Start();
        var (n2, n3) = (ReplicaOf(Given.N2), ReplicaOf(Given.N3));
        Ask(Get(KeyOf(Given.N1)));
        foreach (var probe in new[] { Replica, n2, n3 }) ExpectRead(probe, Apple);
        ExpectReply<GetReply>();
        ExpectNoMoreReplies();
        Assert.All([Replica, n2, n3], p => Assert.False(p.HasMessages));
    }

    [Fact]
    public void An_unknown_key_has_no_value_and_no_context()
    {
        Start();
        var n2 = ReplicaOf(Given.N2);
        Ask(Get(KeyOf(Given.N1)));
        ExpectRead(Replica, VersionSet.Empty);
        ExpectRead(n2, VersionSet.Empty);
        var reply = ExpectReply<GetReply>();
        Assert.Empty(reply.Values);
        Assert.True(reply.Context.IsEmpty);
    }

    [Fact]
    public void A_deleted_key_has_no_value_but_a_context()
    {
        Start();
        var n2 = ReplicaOf(Given.N2);
        var tombstone = Apple.Put(Given.Delete(Apple.Clock), Given.Dot(1, 1, 2));
        Ask(Get(KeyOf(Given.N1)));
        ExpectRead(Replica, tombstone);
        ExpectRead(n2, tombstone);
        var reply = ExpectReply<GetReply>();
        Assert.Empty(reply.Values);
        Assert.False(reply.Context.IsEmpty);
    }

    [Fact]
    public void One_write_with_two_dots_is_one_value()
    {
        Start();
        var n2 = ReplicaOf(Given.N2);
        var twice = Given.Values(("apple", Given.Dot(1, 1, 1), 7), ("apple", Given.Dot(2, 1, 1), 7), ("pear", Given.Dot(3, 1, 1), 8));
        Ask(Get(KeyOf(Given.N1)));
        ExpectRead(Replica, twice);
        ExpectRead(n2, twice);
        Assert.Equal(["apple", "pear"], Texts(ExpectReply<GetReply>()));
    }

    [Fact]
    public void A_fallback_is_asked_for_its_hint_when_a_replica_fails()
    {
        Start(nodes: 5, "dynamo.request.replica-timeout = 200ms");
        var (n2, n4) = (ReplicaOf(Given.N2), ReplicaOf(Given.N4));
        Ask(Get(KeyOf(Given.N1), new QuorumOverrides(R: 3)));
        ExpectRead(Replica, Apple);
        ExpectRead(n2);
        var kept = ExpectRead(n4, Pear);
        Assert.False(kept.DigestOnly);
        Assert.Contains(kept.HintFor!.Value, new[] { Given.N2, Given.N3 });
    }

    [Fact]
    public void A_node_that_is_believed_down_is_not_asked()
    {
        Start(nodes: 5, down: Given.N2);
        var (n2, n3, n4) = (ReplicaOf(Given.N2), ReplicaOf(Given.N3), ReplicaOf(Given.N4));
        Ask(Get(KeyOf(Given.N1), new QuorumOverrides(R: 3)));
        ExpectRead(Replica, Apple);
        ExpectRead(n3, Apple);
        Assert.Equal(Given.N2, ExpectRead(n4, VersionSet.Empty).HintFor);
        Assert.False(ExpectRead(n4, VersionSet.Empty).DigestOnly);
        Assert.Equal(["apple"], Texts(ExpectReply<GetReply>()));
        Assert.False(n2.HasMessages);
    }

    [Fact]
    public void When_too_few_answer_the_error_names_the_numbers()
    {
        Start(hocon: "dynamo.request.replica-timeout = 200ms", down: [Given.N2, Given.N3]);
        Ask(Get(KeyOf(Given.N1)));
        ExpectRead(Replica, Apple);
        var failed = ExpectFailure(FailureKind.QuorumNotMet);
        Assert.Equal((2, 1), (failed.Needed, failed.Had));
        Assert.Equal("1 of the 2 needed answered", failed.Reason);
    }

    [Fact]
    public void A_replica_that_is_only_late_and_has_no_fallback_is_asked_again()
    {
        Start(hocon: "dynamo.request.replica-timeout = 50ms");
        var n2 = ReplicaOf(Given.N2);
        Ask(Get(KeyOf(Given.N1)));
        ExpectRead(Replica, Apple);
        ExpectRead(n2);
        Assert.True(ExpectRead(n2, Apple).DigestOnly);
        Assert.Equal(["apple"], Texts(ExpectReply<GetReply>()));
    }

    [Fact]
    public void A_request_without_enough_answers_fails_at_its_deadline()
    {
        Start();
        Ask(Get(KeyOf(Given.N1), timeoutMs: 500));
        ExpectRead(Replica, Apple);
        Assert.Equal("1 of the 2 needed answered in time", ExpectFailure(FailureKind.QuorumNotMet).Reason);
    }

    [Fact]
    public void Fallbacks_do_not_count_toward_PR()
    {
        Start(nodes: 5, down: Given.N2);
        var n3 = ReplicaOf(Given.N3);
        Ask(Get(KeyOf(Given.N1), new QuorumOverrides(PR: 3)));
        ExpectRead(Replica, Apple);
        ExpectRead(n3, Apple);
        Assert.Contains("of 3 primaries", ExpectFailure(FailureKind.QuorumNotMet).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_that_holds_no_copy_still_serves_a_get()
    {
        Start(nodes: 4);
        var (n2, n3) = (ReplicaOf(Given.N2), ReplicaOf(Given.N3));
        Ask(Get(KeyOf(Given.N2)));
        Assert.False(ExpectRead(n2, Apple).DigestOnly);
        Assert.True(ExpectRead(n3, Apple).DigestOnly);
        Assert.Equal(["apple"], Texts(ExpectReply<GetReply>()));
        Assert.False(Replica.HasMessages);
    }

    [Fact]
    public void A_replica_that_cannot_read_the_record_has_failed()
    {
        Start(nodes: 5);
        var (n2, n3, n4) = (ReplicaOf(Given.N2), ReplicaOf(Given.N3), ReplicaOf(Given.N4));
        Ask(Get(KeyOf(Given.N1), new QuorumOverrides(R: 3)));
        ExpectRead(Replica, Apple);
        ExpectRead(n2);
        n2.Reply(new ReadAnswers([ReadAnswer.Failed]));
        Assert.Equal(Given.N2, ExpectRead(n4, Apple).HintFor);
        ExpectRead(n3, Apple);
        Assert.Equal(["apple"], Texts(ExpectReply<GetReply>()));
    }

    [Fact]
    public void An_answer_of_the_wrong_length_is_a_failure()
    {
        Start(nodes: 5);
        var (n2, n3, n4) = (ReplicaOf(Given.N2), ReplicaOf(Given.N3), ReplicaOf(Given.N4));
        Ask(Get(KeyOf(Given.N1), new QuorumOverrides(R: 3)));
        ExpectRead(Replica, Apple);
        n2.ExpectMsg<ReadBatch>(Given.Long);
        n2.Reply(new ReadAnswers([]));
        Assert.Equal(Given.N2, ExpectRead(n4, Apple).HintFor);
        ExpectRead(n3, Apple);
        ExpectReply<GetReply>();
    }
}
