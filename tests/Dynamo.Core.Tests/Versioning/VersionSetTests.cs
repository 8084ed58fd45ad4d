using Dynamo.Core.Buckets;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;

namespace Dynamo.Core.Tests.Versioning;

/// <summary>Sections 4.4 and 4.5: which siblings a put replaces and a merge keeps.</summary>
public sealed class VersionSetTests
{
    [Fact]
    public void Random_histories_show_the_same_values_as_the_oracle() => Seeds.Run(2000, random =>
    {
        var replicas = new Replicas(3);
        var clients = Enumerable.Range(0, 4).Select(_ => replicas.Read(0)).ToArray();
        for (var step = 0; step < 40; step++)
        {
            var (a, b, client) = (random.Next(3), random.Next(3), random.Next(clients.Length));
            switch (random.Next(7))
            {
                case 0: clients[client] = replicas.Read(a); break;
                case 1 or 2 or 3: clients[client] = replicas.Put(a, clients[client]); break;
                case 4 or 5 when a != b: replicas.Send(a, b); break;
                case 6 when a != b: replicas.HandOver(a, b); break;
                default: break;
            }
            for (var r = 0; r < replicas.Count; r++) Assert.True(replicas.Oracle(r).Shown.SetEquals(replicas.Shown(r)), $"step {step}, replica {r}: {replicas[r]}");
        }
        for (var r = 0; r < 3; r++)
            for (var s = 0; s < 3; s++) replicas.Send(s, r);
        for (var r = 0; r < 3; r++) replicas.Send(2, r);
        Assert.Equal(replicas[2], replicas[0]);
        Assert.Equal(replicas[2], replicas[1]);
    });

    [Fact]
    public void Merge_is_commutative_associative_and_idempotent() => Seeds.Run(2000, random =>
    {
        var replicas = new Replicas(3);
        var client = replicas.Read(0);
        for (var step = 0; step < 25; step++)
        {
            if (random.Next(3) > 0) client = replicas.Put(random.Next(3), random.Next(2) == 0 ? client : replicas.Read(random.Next(3)));
            else replicas.Send(random.Next(3), random.Next(3));
        }
        var (a, b, c) = (replicas[0], replicas[1], replicas[2]);
        Assert.Equal(a.Merge(b), b.Merge(a));
        Assert.Equal(a.Merge(b).Merge(c), a.Merge(b.Merge(c)));
        Assert.Equal(a, a.Merge(a));
        Assert.Equal(a.Merge(b), a.Merge(b).Merge(b));
    });

    [Fact]
    public void Writers_that_interleave_with_stale_contexts_leave_one_sibling_each()
    {
        var replicas = new Replicas(1);
        var writers = new[] { replicas.Read(0), replicas.Read(0), replicas.Read(0) };
        for (var round = 0; round < 100; round++)
            for (var w = 0; w < writers.Length; w++) writers[w] = replicas.Put(0, writers[w]);

        Assert.Equal(3, replicas[0].Siblings.Length);
        Assert.Single(replicas[0].Clock.Vector);
        Assert.Empty(replicas[0].Clock.Cloud);
        // Their contexts stay as small: a run around each of the others' siblings.
        foreach (var (context, _) in writers) Assert.InRange(context.Vector.Length + context.Cloud.Length, 1, 3);
    }

    [Fact]
    public void A_blind_put_is_a_sibling_of_everything_there()
    {
        var replicas = new Replicas(1);
        var nothing = replicas.Read(0);
        replicas.Put(0, nothing);
        replicas.Put(0, nothing);
        Assert.Equal(2, replicas[0].Siblings.Length);

        replicas.Put(0, replicas.Read(0));
        Assert.Single(replicas[0].Siblings);
    }

    [Fact]
    public void A_writer_that_passes_on_its_context_never_becomes_its_own_sibling() => Seeds.Run(500, random =>
    {
        var replicas = new Replicas(3);
        var writer = replicas.Read(0);
        for (var step = 0; step < 30; step++)
        {
            writer = replicas.Put(random.Next(3), writer);
            if (random.Next(3) == 0) replicas.Send(random.Next(3), random.Next(3));
        }
        for (var s = 0; s < 3; s++) replicas.Send(s, 0);
        Assert.Single(replicas[0].Siblings);
    });

    [Fact]
    public void A_store_that_dropped_a_key_does_not_overwrite_its_earlier_write()
    {
        // A fallback takes a write, hands it over, forgets the key, and takes another write: the two never saw each other.
        var replicas = new Replicas(2);
        var nothing = replicas.Read(1);
        replicas.Put(0, nothing);
        replicas.HandOver(0, 1);
        replicas.Put(0, nothing);
        replicas.Send(0, 1);
        Assert.Equal(2, replicas[1].Siblings.Length);
    }

    [Fact]
    public void A_put_that_is_sent_twice_is_one_write()
    {
        var write = new Write(CausalContext.Empty, new byte[] { 1 }, false, WriteId: 77, 0);
        var sequence = 0L;
        var once = Record.None.Put(write, new StoreId(1), () => ++sequence, out var first);
        var twice = once.Put(write, new StoreId(1), () => ++sequence, out var second);
        Assert.Same(once, twice);
        Assert.Equal(first, second);
    }

    [Fact]
    public void The_last_write_stays_in_a_last_write_wins_bucket_and_replicas_agree_on_it()
    {
        var sequence = 0L;
        var a = Record.None.Put(new Write(CausalContext.Empty, new byte[] { 1 }, false, 1, 2000), new StoreId(1), () => ++sequence, out _);
        var b = Record.None.Put(new Write(CausalContext.Empty, new byte[] { 2 }, false, 2, 1000), new StoreId(2), () => ++sequence, out _);
        var merged = a.Versions.Merge(b.Versions).LastWriteOnly();
        Assert.Equal(1UL, Assert.Single(merged.Siblings).WriteId);
        Assert.Equal(merged, b.Versions.Merge(merged).LastWriteOnly());
    }

    /// <summary>Three replicas with skewed clocks agree, always show something, and show the latest value or one that saw a later one.</summary>
    [Fact]
    public void A_last_write_wins_merge_agrees_in_any_order_and_loses_no_key() => Seeds.Run(3000, random =>
    {
        var key = new RecordKey(Dynamo.Core.Ring.StorageKey.Of("k"));
        var stores = Enumerable.Range(0, 3).Select(_ => Record.None).ToArray();
        var sequences = new long[3];
        var contexts = new[] { CausalContext.Empty, CausalContext.Empty };
        for (var step = 0; step < 12; step++)
        {
            var (at, other, writer) = (random.Next(3), random.Next(3), random.Next(2));
            if (random.Next(2) == 0) stores[at] = new MergeIn(key, stores[other].Versions, ConflictMode.LastWriteWins).Apply(stores[at], Store(at)).After;
            else
            {
                if (random.Next(2) == 0) contexts[writer] = stores[other].Versions.Clock;
                var write = new Write(contexts[writer], new byte[] { (byte)step }, random.Next(6) == 0, (ulong)step + 1, random.Next(4, 8));
                stores[at] = new Mint(key, write, ConflictMode.LastWriteWins).Apply(stores[at], Store(at)).After;
            }
            foreach (var store in stores) Assert.Equal(store.Versions.IsEmpty ? 0 : 1, store.Versions.Siblings.Length);
        }
        var (a, b, c) = (stores[0].Versions, stores[1].Versions, stores[2].Versions);
        var all = Merge(Merge(a, b), c);
        foreach (var another in new[] { Merge(a, Merge(b, c)), Merge(c, Merge(b, a)), Merge(all, b), Merge(all, all) }) Assert.Equal(all, another);
        var latest = new[] { a, b, c }.SelectMany(s => s.Siblings).MaxBy(s => (s.TimestampMs, s.Dot));
        Assert.Equal(latest?.Dot, all.Siblings.FirstOrDefault()?.Dot);

        MintingStore Store(int at) => new(new StoreId((ulong)at + 1), () => ++sequences[at]);
        static VersionSet Merge(VersionSet x, VersionSet y) => x.Merge(y, ConflictMode.LastWriteWins);
    });

    [Fact]
    public void In_a_last_write_wins_bucket_a_write_is_later_than_those_it_saw_whatever_the_clocks_say()
    {
        var key = new RecordKey(Dynamo.Core.Ring.StorageKey.Of("k"));
        var store = new MintingStore(new StoreId(1), () => 1);
        var first = new Mint(key, new Write(CausalContext.Empty, new byte[] { 1 }, false, 1, 9000), ConflictMode.LastWriteWins).Apply(Record.None, store).After;
        var second = new Mint(key, new Write(first.Versions.Clock, new byte[] { 2 }, false, 2, 5), ConflictMode.LastWriteWins).Apply(first, store).After;
        Assert.Equal((2UL, 9001L), (second.Versions.Siblings.Single().WriteId, second.Versions.Siblings.Single().TimestampMs));
    }

    [Fact]
    public void In_a_last_write_wins_bucket_a_blind_write_is_later_than_what_its_store_holds_whatever_the_clocks_say()
    {
        var stamped = Minted(Minted(Record.None, 1, 3_600_000), 2, 5);
        Assert.Equal((2UL, 3_600_001L), (stamped.Versions.Siblings.Single().WriteId, stamped.Versions.Siblings.Single().TimestampMs));
        // The last stamp there is has none after it, and the dots decide.
        Assert.Equal(long.MaxValue, Minted(Minted(Record.None, 1, long.MaxValue), 2, 5).Versions.Siblings.Single().TimestampMs);
    }

    [Theory]
    [InlineData("a later one that has not seen it", 9, 5, false, 9L)]
    [InlineData("a later one that has seen it", 9, 5, true, null)]
    [InlineData("an earlier one", 4, 5, false, null)]
    public void A_merge_tells_whether_it_kept_another_write_that_has_not_seen_the_merged_one(string held, long heldMs, long mergedMs, bool hasSeen, long? kept)
    {
        var merged = Minted(Record.None, 1, mergedMs, store: 1).Versions;
        var before = Minted(Record.None, 2, heldMs, store: 2, hasSeen ? merged.Clock : CausalContext.Empty);
        var merge = new MergeIn(LwwKey, merged, ConflictMode.LastWriteWins);
        Assert.True(kept == MergeIn.KeptInstead(merged, merge.Apply(before, StoreOf(2))), held);
        Assert.Null(MergeIn.KeptInstead(merged, merge.Apply(Record.None, StoreOf(2))));
    }

    [Fact]
    public void A_write_is_stamped_again_only_if_nothing_later_has_replaced_it()
    {
        var first = Minted(Record.None, 1, 5);
        var again = new StampAgain(first.Versions.Siblings[0].Dot, AboveMs: 9000);
        var restamped = Restamped(first, again);
        var sibling = restamped.After.Versions.Siblings.Single();
        Assert.Equal((1UL, 9001L, restamped.Minted), (sibling.WriteId, sibling.TimestampMs, sibling.Dot));
        // As a new write, that has seen the first: every replica takes it, and none of them reports it as overtaken.
        Assert.True(restamped.After.Versions.Clock.Covers(again.Dot) && sibling.Dot != again.Dot);
        Assert.Equal(restamped.After.Versions, first.Versions.Merge(restamped.After.Versions, ConflictMode.LastWriteWins));

        // The very write that a replica kept has come here too.
        var kept = Minted(Record.None, 2, 9000, store: 2).Versions;
        Assert.Equal(1UL, Restamped(first.Merge(kept, ConflictMode.LastWriteWins), again).After.Versions.Siblings.Single().WriteId);
        // Another write has replaced it here: that one is later.
        var later = Minted(first, 3, 5);
        Assert.Null(Restamped(later, again).Minted);
        Assert.False(Restamped(later, again).IsChange);

        static Applied Restamped(Record current, StampAgain again) =>
            new Mint(LwwKey, new Write(CausalContext.Empty, new byte[] { 1 }, false, 1, 5), ConflictMode.LastWriteWins, Again: again).Apply(current, StoreOf(1));
    }

    [Fact]
    public void A_tombstone_replaces_what_its_context_saw_and_not_concurrent_writes()
    {
        var sequence = 0L;
        var store = new StoreId(1);
        var first = Record.None.Put(new Write(CausalContext.Empty, new byte[] { 1 }, false, 1, 0), store, () => ++sequence, out _);
        var seen = first.Versions.Clock;
        var second = first.Put(new Write(CausalContext.Empty, new byte[] { 2 }, false, 2, 0), store, () => ++sequence, out _);
        var deleted = second.Put(new Write(seen, default, true, 3, 0), store, () => ++sequence, out _);
        Assert.Equal([2UL, 3UL], deleted.Versions.Siblings.Select(s => s.WriteId).Order());
        Assert.False(deleted.Versions.IsDeleted);
    }

    private static readonly RecordKey LwwKey = new(Dynamo.Core.Ring.StorageKey.Of("k"));

    private static MintingStore StoreOf(ulong store) => new(new StoreId(store), () => 1);

    private static Record Minted(Record current, ulong writeId, long ms, ulong store = 1, CausalContext? context = null) =>
        new Mint(LwwKey, new Write(context ?? CausalContext.Empty, new byte[] { (byte)writeId }, false, writeId, ms), ConflictMode.LastWriteWins).Apply(current, StoreOf(store)).After;
}
