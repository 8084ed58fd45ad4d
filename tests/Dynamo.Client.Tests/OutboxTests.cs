using Dynamo.Client.Proxy;
using Dynamo.Core.Buckets;
using Dynamo.Core.Ring;
using Dynamo.Protocol;
using Dynamo.Tests.Support;

namespace Dynamo.Client.Tests;

public sealed class OutboxTests
{
    private static readonly TimeSpan Now = TimeSpan.FromSeconds(1);
    private readonly Outbox _outbox = new();

    [Fact]
    public void A_lone_request_goes_at_once()
    {
        _outbox.Add(Given.N1, Request(1));
        Assert.Equal([[1L]], Flushed(Now));
        Assert.Equal(0, _outbox.Waiting);
        Assert.Empty(Flushed(Now));
    }

    [Fact]
    public void While_four_batches_are_in_flight_the_next_one_gathers()
    {
        for (var id = 1; id <= 4; id++) Assert.Equal([[id]], AddedAndFlushed(id));
        Assert.Empty(AddedAndFlushed(5));
        Assert.Empty(AddedAndFlushed(6));
        _outbox.Answered(Given.N2, 2);
        Assert.Empty(Flushed(Now));
        _outbox.Answered(Given.N1, 2);
        Assert.Equal([[5, 6]], Flushed(Now));
    }

    [Fact]
    public void A_batch_counts_until_most_of_it_is_answered()
    {
        for (var id = 1; id <= 8; id++) _outbox.Add(Given.N1, Request(id));
        Assert.Equal([[1, 2, 3, 4, 5, 6, 7, 8]], Flushed(Now));
        for (var id = 9; id <= 11; id++) Assert.Equal([[id]], AddedAndFlushed(id));
        _outbox.Add(Given.N1, Request(12));
        for (var id = 1; id <= 5; id++) _outbox.Answered(Given.N1, id);
        Assert.Empty(Flushed(Now));
        _outbox.Answered(Given.N1, 6);
        Assert.Equal([[12L]], Flushed(Now));
        // Its remaining answers do not count for the other batches.
        _outbox.Add(Given.N1, Request(13));
        _outbox.Answered(Given.N1, 7);
        _outbox.Answered(Given.N1, 8);
        Assert.Empty(Flushed(Now));
    }

    [Fact]
    public void Nodes_do_not_wait_for_one_another()
    {
        for (var id = 1; id <= 4; id++) AddedAndFlushed(id);
        _outbox.Add(Given.N1, Request(5));
        _outbox.Add(Given.N2, Request(6));
        Assert.Equal([[6L]], Flushed(Now));
        Assert.Equal(1, _outbox.Waiting);
    }

    [Fact]
    public void A_stalled_node_does_not_hold_up_a_request_for_long()
    {
        for (var id = 1; id <= 4; id++) AddedAndFlushed(id);
        _outbox.Add(Given.N1, Request(5));
        Assert.Empty(Flushed(Now + TimeSpan.FromMilliseconds(19)));
        var later = Now + TimeSpan.FromMilliseconds(20);
        Assert.Equal([[5L]], Flushed(later));
        // Batches that it no longer waits for are no longer in flight.
        for (var id = 6; id <= 8; id++)
        {
            _outbox.Add(Given.N1, Request(id));
            Assert.Equal([[id]], Flushed(later));
        }
        _outbox.Add(Given.N1, Request(9));
        _outbox.Answered(Given.N1, 1);
        Assert.Empty(Flushed(later));
    }

    [Fact]
    public void Messages_are_bounded_in_bytes()
    {
        for (var id = 1; id <= 3; id++) _outbox.Add(Given.N1, Request(id) with { Value = new byte[200 << 10] });
        Assert.Equal([[1, 2], [3]], Flushed(Now));
        for (var id = 4; id <= 6; id++) _outbox.Add(Given.N2, Request(id) with { Context = new byte[200 << 10] });
        Assert.Equal([[4, 5], [6]], Flushed(Now));
    }

    [Fact]
    public void So_are_messages_of_gets_of_long_keys()
    {
        for (var id = 1; id <= 1000; id++) _outbox.Add(Given.N1, new GetRequest(id, StorageKey.Of($"{id:d4}".PadRight(16 << 10, 'k')), QuorumOverrides.None, TimeoutMs: 1000));
        var batches = _outbox.Flush(Now).Select(b => b.Batch).ToArray();
        Assert.All(batches, b => Assert.InRange(new DynamoSerializer(null!).ToBinary(b).Length, 1, 512 << 10));
        Assert.Equal(1000, batches.Sum(b => b.Requests.Length));
    }

    private static PutRequest Request(long id) => new(id, StorageKey.Of($"k{id}"), default, default, IsDelete: false, WriteId: (ulong)id, QuorumOverrides.None, TimeoutMs: 0);

    private List<long[]> AddedAndFlushed(long id)
    {
        _outbox.Add(Given.N1, Request(id));
        return Flushed(Now);
    }

    private List<long[]> Flushed(TimeSpan now) => [.. _outbox.Flush(now).Select(batch => batch.Batch.Requests.Select(r => r.Id).ToArray())];
}
