using Dynamo.Core.Ring;
using Dynamo.Protocol;
using Dynamo.Tests.Support;

namespace Dynamo.Client.Tests;

/// <summary>Impossible requests, and how requests that nobody answers end.</summary>
public sealed class ClientEndsTests(Peers peers) : ClientTest(peers)
{
    [Fact]
    public async Task A_request_in_flight_ends_when_its_client_is_disposed()
    {
        var dynamo = await ConnectAsync();
        var get = dynamo.GetAsync("cart");
        Coordinators[Walk[0]].ExpectMsg<ClientBatch>(Given.Long);
        await dynamo.DisposeAsync();
        await Assert.ThrowsAnyAsync<DynamoException>(() => get);
    }

    [Fact]
    public async Task A_request_of_a_disposed_client_ends()
    {
        var dynamo = await ConnectAsync();
        await dynamo.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => dynamo.GetAsync("cart"));
    }

    [Fact]
    public async Task An_infinite_timeout_is_refused()
    {
        await using var dynamo = await ConnectAsync();
        await Assert.ThrowsAsync<DynamoBadRequestException>(() => dynamo.GetAsync("cart", new RequestSettings(Timeout: TimeSpan.MaxValue)));
        await Assert.ThrowsAsync<DynamoBadRequestException>(() => dynamo.GetAsync("cart", new RequestSettings(Timeout: TimeSpan.Zero)));
    }

    [Theory]
    [InlineData(-7)]
    [InlineData(0)]
    [InlineData(17)]
    public async Task A_quorum_that_no_bucket_can_have_is_refused_before_it_is_sent(int r)
    {
        await using var dynamo = await ConnectAsync();
        var refused = await Assert.ThrowsAsync<DynamoBadRequestException>(() => dynamo.GetAsync("cart", new RequestSettings(R: r)));
        Assert.Contains($"r = {r}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_get_that_every_node_is_late_with_waits_until_its_timeout()
    {
        await using var dynamo = await ConnectAsync(o => o with { AttemptTimeout = TimeSpan.FromMilliseconds(1) });
        var get = dynamo.GetAsync("cart", new RequestSettings(Timeout: Given.Long));
        var first = Assert.Single(Coordinators[Walk[0]].ExpectMsg<ClientBatch>(Given.Long).Requests);
        for (var i = 1; i < Walk.Length; i++) Coordinators[Walk[i]].ExpectMsg<ClientBatch>(Given.Long);
        Coordinators[Walk[0]].Reply(new ClientReplies([new GetReply(first.Id, [], default, 2)], StateHash));
        await get;
    }
}
