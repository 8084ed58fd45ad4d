using Dynamo.Core.DataTypes;
using Dynamo.Core.Versioning;
using Dynamo.Core.Wire;

namespace Dynamo.Core.Tests.DataTypes;

/// <summary>The laws of the data types, over random histories and against a naive oracle.</summary>
public sealed class DataTypesTests
{
    private static readonly string[] Words = ["a", "b", "c"];

    [Fact]
    public void Replicas_that_have_seen_the_same_updates_hold_the_same_value_which_is_the_oracles() => Seeds.Run(300, random =>
    {
        var replicas = Random(random, steps: 60, removesFields: true);
        MeetAll(replicas);
        for (var replica = 1; replica < replicas.Count; replica++) Assert.Equal(replicas[0].Encoded(), replicas[replica].Encoded());
        AssertAsOracle(replicas, 0);
    });

    [Fact]
    public void Every_replica_shows_at_any_time_what_the_oracle_shows_of_the_updates_that_it_knows() => Seeds.Run(200, random =>
    {
        var replicas = Random(random, steps: 40, removesFields: true);
        for (var replica = 0; replica < replicas.Count; replica++) AssertAsOracle(replicas, replica);
    });

    [Fact]
    public void A_merge_is_commutative_associative_and_idempotent() => Seeds.Run(200, random =>
    {
        var replicas = Random(random, steps: 30, removesFields: true);
        var (a, b, c) = (replicas[0], replicas[1], replicas[2]);
        Assert.Equal(a.Merge(b).Encoded(), b.Merge(a).Encoded());
        Assert.Equal(a.Merge(b).Merge(c).Encoded(), a.Merge(b.Merge(c)).Encoded());
        Assert.Equal(a.Encoded(), a.Merge(a).Encoded());
        Assert.Equal(a.Merge(b).Encoded(), a.Merge(b).Merge(b).Encoded());
    });

    [Fact]
    public void An_increment_that_was_sent_to_several_replicas_counts_once() => Seeds.Run(300, random =>
    {
        var replicas = new DataReplicas(4);
        for (var step = 0; step < 60; step++)
        {
            var replica = random.Next(4);
            if (random.Next(3) > 0)
            {
                var by = random.Next(-5, 20);
                var id = replicas.Apply(replica, DataReplicas.Clicks, new DataOperation.Add(by));
                while (random.Next(3) == 0) replicas.Apply(random.Next(4), DataReplicas.Clicks, new DataOperation.Add(by), id);
            }
            else replicas.Send(random.Next(4), replica);
            for (var at = 0; at < 4; at++) Assert.Equal(replicas.CounterOfOracle(at), replicas.Counter(at));
        }
        MeetAll(replicas);
        // More increments, so that duplicates are taken back, and ids are forgotten.
        for (var step = 0; step < 200; step++)
        {
            replicas.Apply(step % 4, DataReplicas.Clicks, new DataOperation.Add(1));
            replicas.Send(step % 4, (step + 1) % 4);
        }
        MeetAll(replicas);
        for (var at = 0; at < 4; at++) Assert.Equal(replicas.CounterOfOracle(at), replicas.Counter(at));
    });

    // A node took increments, fell before anybody else had them, and comes back when the other nodes have counted on for long.
    [Fact]
    public void Increments_that_were_sent_again_count_once_however_many_others_come_before_the_replicas_meet()
    {
        var replicas = new DataReplicas(2);
        for (var i = 0; i < CounterContent.MaxFirst; i++)
        {
            var id = replicas.Apply(0, DataReplicas.Clicks, new DataOperation.Add(1));
            replicas.Apply(1, DataReplicas.Clicks, new DataOperation.Add(1), again: id);
        }
        for (var i = 0; i < 1000; i++) replicas.Apply(1, DataReplicas.Clicks, new DataOperation.Add(1));
        replicas.Send(0, 1);
        Assert.Equal(CounterContent.MaxFirst + 1000, replicas.Counter(1));
        // The later of the two takes them back.
        replicas.Apply(1, DataReplicas.Clicks, new DataOperation.Add(1));
        replicas.Send(1, 0);
        replicas.Apply(0, DataReplicas.Clicks, new DataOperation.Add(1));
        Assert.Equal(CounterContent.MaxFirst + 1002, replicas.Counter(0));
    }

    [Fact]
    public void A_counter_forgets_the_ids_of_old_increments()
    {
        var replicas = new DataReplicas(1);
        for (var i = 0; i < 1000; i++) replicas.Apply(0, DataReplicas.Clicks, new DataOperation.Add(1));
        Assert.Equal(1000, replicas.Counter(0));
        Assert.InRange(replicas[0].Encoded().Length, 0, 500);
        for (var i = 0; i < 1000; i++) replicas.Apply(0, DataReplicas.Clicks, new DataOperation.Add(1), again: 1_000_000 + (ulong)i);
        Assert.Equal(2000, replicas.Counter(0));
        Assert.InRange(replicas[0].Encoded().Length, 0, 3000);
    }

    [Theory]
    [InlineData(long.MaxValue, 1)]
    [InlineData(-long.MaxValue, -2)]
    public void A_counter_refuses_to_leave_its_range(long start, long more)
    {
        var counter = DataValue.Empty(DataKind.Counter).Apply(new DataOperation.Add(start), Write(1));
        Assert.Throws<BadOperationException>(() => counter.Apply(new DataOperation.Add(more), Write(2)));
        Assert.Equal(new DataView.Counter(start), counter.View);
        var elsewhere = new DataWrite(new Dot(new Tenure(new StoreId(8), 1), 1), 3, 0);
        Assert.Throws<BadOperationException>(() => counter.Apply(new DataOperation.Add(more), elsewhere));
        Assert.Equal(new DataView.Counter(0), counter.Apply(new DataOperation.Add(-start), elsewhere).View);
    }

    [Fact]
    public void A_value_of_any_kind_survives_its_encoding_and_damage_is_noticed() => Seeds.Run(100, random =>
    {
        var encoded = Random(random, steps: 30, removesFields: true)[0].Encoded();
        Assert.Equal(encoded, DataValue.Decode(encoded).Encoded());
        for (var length = 0; length < encoded.Length; length++)
        {
            var cut = encoded.AsMemory(0, length);
            Assert.Throws<MalformedBytesException>(() => DataValue.Decode(cut));
        }
    });

    [Fact]
    public void An_operation_on_a_key_that_holds_something_else_is_refused_and_says_what_it_holds()
    {
        var counter = new Sibling(Dot(1), DataValue.Empty(DataKind.Counter).Apply(new DataOperation.Add(1), Write(1)).Encoded(), false, 0, 0, IsTyped: true);
        var plain = new Sibling(Dot(2), "v"u8.ToArray(), false, 0, 0);
        var set = new VersionSet(CausalContext.Empty.With(Dot(1)).With(Dot(2)), [counter, plain]);
        var refused = Assert.Throws<BadOperationException>(() => TypedSiblings.Of(set, 0).ValueFor(DataKind.Set));
        Assert.Equal("the key holds a counter and a plain value, not only a set: delete it first", refused.Message);
        var alone = new VersionSet(set.Clock, [counter]);
        Assert.Equal(new DataView.Counter(1), TypedSiblings.Of(alone, 0).ValueFor(DataKind.Counter).View);
    }

    private static DataReplicas Random(Random random, int steps, bool removesFields)
    {
        var replicas = new DataReplicas(3);
        for (var step = 0; step < steps; step++)
        {
            var replica = random.Next(3);
            switch (random.Next(9))
            {
                case 0 or 1: replicas.Apply(replica, DataReplicas.Clicks, new DataOperation.Add(random.Next(-3, 9))); break;
                case 2: replicas.Apply(replica, DataReplicas.Tags, new DataOperation.Change([ByteString.Of(Word(random)), ByteString.Of(Word(random))], [])); break;
                case 3: replicas.Apply(replica, DataReplicas.Tags, new DataOperation.Change([], [ByteString.Of(Word(random))])); break;
                case 4: replicas.Apply(replica, DataReplicas.Name, new DataOperation.Assign(System.Text.Encoding.UTF8.GetBytes($"{step}"))); break;
                case 5: replicas.Apply(replica, DataReplicas.Open, new DataOperation.Switch(random.Next(2) == 0)); break;
                case 6 when removesFields: replicas.Apply(replica, random.Next(3) switch { 0 => DataReplicas.Tags, 1 => DataReplicas.Name, _ => DataReplicas.Open }, operation: null); break;
                default: replicas.Send(random.Next(3), replica); break;
            }
        }
        return replicas;
    }

    private static void MeetAll(DataReplicas replicas)
    {
        for (var round = 0; round < 2; round++)
            for (var from = 0; from < replicas.Count; from++)
                for (var to = 0; to < replicas.Count; to++) replicas.Send(from, to);
    }

    private static void AssertAsOracle(DataReplicas replicas, int replica)
    {
        Assert.Equal(replicas.CounterOfOracle(replica), replicas.Counter(replica));
        Assert.Equal(replicas.ElementsOfOracle(replica), replicas.Elements(replica));
        Assert.Equal(replicas.FlagOfOracle(replica), replicas.Flag(replica));
        Assert.Equal(replicas.RegisterOfOracle(replica), replicas.Register(replica));
    }

    private static string Word(Random random) => Words[random.Next(Words.Length)];

    private static Dot Dot(long count) => new(new Tenure(new StoreId(7), 1), count);

    private static DataWrite Write(long count) => new(Dot(count), (ulong)count, 0);
}
