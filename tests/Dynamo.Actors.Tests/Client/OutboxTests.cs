using Dynamo.Actors.Tests.Support;
using Dynamo.Client.Proxy;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Actors.Tests.Client;

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
    public void The_next_batch_goes_once_most_of_the_last_one_is_answered()
    {
        for (var id = 1; id <= 8; id++) _outbox.Add(Given.N1, Request(id));
        Assert.Equal([[1, 2, 3, 4, 5, 6, 7, 8]], Flushed(Now));
        _outbox.Add(Given.N1, Request(9));
        for (var id = 1; id <= 5; id++) _outbox.Answered(Given.N1, id);
        Assert.Empty(Flushed(Now));
        _outbox.Answered(Given.N2, 6);
        Assert.Empty(Flushed(Now));
        _outbox.Add(Given.N1, Request(10));
        _outbox.Answered(Given.N1, 6);
        Assert.Equal([[9, 10]], Flushed(Now));
    }

    [Fact]
    public void Nodes_do_not_wait_for_one_another()
    {
        _outbox.Add(Given.N1, Request(1));
        Flushed(Now);
        _outbox.Add(Given.N1, Request(2));
        _outbox.Add(Given.N2, Request(3));
        Assert.Equal([[3L]], Flushed(Now));
        Assert.Equal(1, _outbox.Waiting);
    }

    [Fact]
    public void A_node_that_is_held_up_holds_up_no_request_for_long()
    {
        _outbox.Add(Given.N1, Request(1));
        Flushed(Now);
        _outbox.Add(Given.N1, Request(2));
        Assert.Empty(Flushed(Now + TimeSpan.FromMilliseconds(19)));
        Assert.Equal([[2L]], Flushed(Now + TimeSpan.FromMilliseconds(20)));
        // What comes of an older batch says nothing of the newer one.
        _outbox.Add(Given.N1, Request(3));
        _outbox.Answered(Given.N1, 1);
        Assert.Empty(Flushed(Now + TimeSpan.FromMilliseconds(20)));
    }

    [Fact]
    public void Messages_are_bounded_in_bytes()
    {
        for (var id = 1; id <= 3; id++) _outbox.Add(Given.N1, Request(id) with { Value = new byte[300 << 10] });
        Assert.Equal([[1, 2], [3]], Flushed(Now));
    }

    private static PutRequest Request(long id) => new(id, StorageKey.Of($"k{id}"), default, default, IsDelete: false, WriteId: (ulong)id, RequestOptions.None, TimeoutMs: 0);

    private List<long[]> Flushed(TimeSpan now) => [.. _outbox.Flush(now).Select(batch => batch.Batch.Requests.Select(r => r.Id).ToArray())];
}
