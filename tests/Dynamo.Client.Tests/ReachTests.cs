using Akka.Actor;
using Dynamo.Core.Ring;
using Dynamo.Protocol;
using Dynamo.Tests.Support;

namespace Dynamo.Client.Tests;

/// <summary>Nodes that the client cannot reach: requests go around them, and only probes go there.</summary>
public sealed class ReachTests(Peers peers) : ClientTest(peers)
{
    private NodeId[] Others => [.. Walk.Where(n => n != Contact)];

    [Fact]
    public async Task A_client_that_reaches_only_its_contact_sends_it_every_request()
    {
        foreach (var node in Others) Silence(node);
        await using var dynamo = await ConnectAloneAsync();
        Play(Contact, NodePaths.Coordinator, Coordinators[Contact]);
        foreach (var node in Walk)
        {
            var put = dynamo.PutAsync(Key(KeyOf(node)), "apple"u8.ToArray(), DynamoContext.None);
            Store(Contact);
            await put.WaitAsync(Given.Long);
        }
        foreach (var node in Others) Coordinators[node].ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_node_that_failed_a_request_gets_probes_and_no_requests_until_it_answers_one()
    {
        var away = Walk[0];
        await using var dynamo = await ConnectAsync(o => o with { AttemptTimeout = TimeSpan.FromMilliseconds(50) });
        var probes = CreateTestProbe("probes");
        Play(away, NodePaths.Gossiper, probes);
        var lost = dynamo.PutAsync("cart", "lost"u8.ToArray(), DynamoContext.None, new RequestSettings(Timeout: TimeSpan.FromMilliseconds(100)));
        Coordinators[away].ExpectMsg<ClientBatch>(Given.Long);
        await Assert.ThrowsAsync<DynamoUnavailableException>(() => lost.WaitAsync(Given.Long));

        for (var probed = 0; probed < 3;)
        {
            var put = dynamo.PutAsync("cart", "apple"u8.ToArray(), DynamoContext.None);
            Store(Walk[1]);
            await put.WaitAsync(Given.Long);
            if (probes.HasMessages && probes.ReceiveOne(TimeSpan.Zero) is DirectoryRequest) probed++;
        }
        Coordinators[away].ExpectNoMsg(TimeSpan.Zero);

        Play(away, NodePaths.Gossiper, DirectoryOf(away));
        while (!Coordinators[away].HasMessages)
        {
            var put = dynamo.PutAsync("cart", "apple"u8.ToArray(), DynamoContext.None);
            AwaitCondition(() => Coordinators[away].HasMessages || Coordinators[Walk[1]].HasMessages, Given.Long, TimeSpan.FromMilliseconds(1));
            if (Coordinators[away].HasMessages) break;
            Store(Walk[1]);
            await put.WaitAsync(Given.Long);
        }
    }

    private void Silence(NodeId node)
    {
        Play(node, NodePaths.Gossiper, ActorRefs.Nobody);
        Play(node, NodePaths.Coordinator, Coordinators[node]);
    }

    private static DynamoKey Key(StorageKey key) => new(key.Key.ToArray(), StorageKey.DefaultBucket);

    private void Store(NodeId node)
    {
        var put = Assert.Single(Coordinators[node].ExpectMsg<ClientBatch>(Given.Long).Requests);
        Coordinators[node].Reply(new ClientReplies([new PutReply(put.Id, default, 1, [new ReceiptLine(node, null, true)])], StateHash));
    }
}
