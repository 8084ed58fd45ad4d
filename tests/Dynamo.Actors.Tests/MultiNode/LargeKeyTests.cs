using Dynamo.Client;
using Dynamo.Client.Admin;
using Dynamo.Core.Buckets;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.MultiNode;

/// <summary>
/// A key whose siblings together outgrow one message (16 MiB): five nodes that were apart have each taken four blind puts of 1 MB. No node holds
/// more than it may; only together they do.
/// </summary>
public sealed class LargeKeyTests : Akka.TestKit.Xunit2.TestKit
{
    private const int PutsPerNode = 4;
    private const int ValueBytes = 1_000_000;
    private static readonly StorageKey Key = StorageKey.Of("large");
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Replicas_agree_and_a_get_returns_every_sibling()
    {
        await using var nodes = await StartApartAsync();
        await using var dynamo = await nodes.ConnectAsync();
        await AwaitSiblingsAsync(nodes, PutsPerNode * nodes.Names.Count);
        var got = await dynamo.GetAsync("large");
        Assert.Equal(Enumerable.Range(1, PutsPerNode * nodes.Names.Count), got.Values.Select(v => (int)v.Span[0]).Order());
        Assert.All(got.Values, value => Assert.Equal(ValueBytes, value.Length));
    }

    [Fact]
    public async Task A_put_with_the_context_of_a_get_replaces_every_sibling()
    {
        await using var nodes = await StartApartAsync();
        await using var dynamo = await nodes.ConnectAsync();
        await AwaitSiblingsAsync(nodes, PutsPerNode * nodes.Names.Count);
        await dynamo.PutAsync("large", "one"u8.ToArray(), (await dynamo.GetAsync("large")).Context);
        Assert.Equal("one"u8.ToArray(), Assert.Single((await dynamo.GetAsync("large")).Values).ToArray());
        await AwaitSiblingsAsync(nodes, 1);
    }

    [Fact]
    public async Task A_delete_with_the_context_of_a_get_deletes_every_sibling()
    {
        await using var nodes = await StartApartAsync();
        await using var dynamo = await nodes.ConnectAsync();
        await AwaitSiblingsAsync(nodes, PutsPerNode * nodes.Names.Count);
        await dynamo.DeleteAsync("large", (await dynamo.GetAsync("large")).Context);
        Assert.False((await dynamo.GetAsync("large")).IsFound);
    }

    /// <summary>Read repair alone, with neither hints nor anti-entropy to help.</summary>
    [Fact]
    public async Task A_get_repairs_the_replicas_that_lag()
    {
        await using var nodes = await StartApartAsync("dynamo { anti-entropy.interval = 1m, hints.interval = 1m }");
        await using var dynamo = await nodes.ConnectAsync();
        var held = Primaries(nodes).Sum(n => nodes.EngineOf(n).Read(new RecordKey(Key)).Versions.Siblings.Length);
        await AwaitAssertAsync(
            async () =>
            {
                await dynamo.GetAsync("large", new RequestSettings(R: 3));
                Assert.All(Primaries(nodes), n => Assert.Equal(held, nodes.EngineOf(n).Read(new RecordKey(Key)).Versions.Siblings.Length));
            },
            Limit, Given.Often);
    }

    private static NodeId[] Primaries(NodesInProcess nodes) => nodes.Ring.Primaries(nodes.Ring.PartitionOf(Key.Token), 3).ToArray();

    private async Task<NodesInProcess> StartApartAsync(string hocon = "")
    {
        var nodes = new NodesInProcess(5, hocon: hocon);
        await using var admin = DynamoAdmin.Open();
        await AwaitConditionAsync(() => nodes.IsAgreedAsync(admin), Limit, Given.Often);
        var (primaries, number) = (Primaries(nodes), 0);
        foreach (var node in nodes.Names)
        {
            var record = new RecordKey(Key, primaries.Contains(node) ? null : primaries[0]);
            for (var put = 0; put < PutsPerNode; put++)
            {
                var value = new byte[ValueBytes];
                value[0] = (byte)++number;
                await nodes.EngineOf(node).WriteAsync([new Mint(record, new Write(CausalContext.Empty, value, IsTombstone: false, (ulong)number, TimestampMs: 0), ConflictMode.Siblings)]);
            }
        }
        return nodes;
    }

    private Task AwaitSiblingsAsync(NodesInProcess nodes, int siblings) => AwaitAssertAsync(
        () =>
        {
            Assert.All(Primaries(nodes), n => Assert.Equal(siblings, nodes.EngineOf(n).Read(new RecordKey(Key)).Versions.Siblings.Length));
            Assert.Equal(0, nodes.Names.Sum(n => nodes.EngineOf(n).Figures.Hints));
        },
        Limit, Given.Often);
}
