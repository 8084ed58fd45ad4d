using Akka.Actor;
using Akka.Event;
using Dynamo.Client;
using Dynamo.Client.Admin;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.MultiNode;

/// <summary>A slow disk does not look like a dead node: it holds up neither gossip nor the network. Each node has one disk thread, which is always busy.</summary>
public sealed class SlowDiskTests : Akka.TestKit.Xunit2.TestKit
{
    private const int Readers = 4;

    // One after the other: ten seconds, and as many gossip rounds.
    private const int ReadsToSee = 50;

    private const string OneThread = """
        dynamo {
          gossip { interval = 1s, heartbeat-interval = 500ms }
          request.replica-timeout = 10s
        }
        akka {
          loglevel = WARNING
          loggers = []
          actor.dynamo-store-dispatcher.dedicated-thread-pool.thread-count = 1
        }
        """;

    private const string SharedThread = OneThread + """

        akka.actor.dynamo-gossip-dispatcher = "akka.actor.dynamo-store-dispatcher"
        """;

    private static readonly TimeSpan ReadTime = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly Dictionary<NodeId, HeldEngine> _disks = [];

    [Fact]
    public async Task Nobody_is_suspected_while_every_read_of_every_disk_is_slow() => Assert.Empty(await SuspicionsAsync(OneThread, Given.N1, Given.N2, Given.N3));

    [Fact]
    public async Task The_one_node_with_a_slow_disk_is_not_suspected_by_the_others() => Assert.Empty(await SuspicionsAsync(OneThread, Given.N3));

    /// <summary>Shows that the tests above can fail.</summary>
    [Fact]
    public async Task It_is_suspected_when_gossip_shares_the_disk_thread() => Assert.NotEmpty(await SuspicionsAsync(SharedThread, Given.N3));

    private async Task<IReadOnlyList<string>> SuspicionsAsync(string hocon, params NodeId[] slow)
    {
        await using var nodes = new NodesInProcess(3, Disk, hocon);
        await using var admin = DynamoAdmin.Open();
        await AwaitConditionAsync(() => nodes.IsAgreedAsync(admin), Limit, Given.Often);
        await using var dynamo = await nodes.ConnectAsync();
        var warnings = CreateTestProbe();
        nodes.ListenTo(warnings);
        foreach (var node in slow) _disks[node].SlowDown(ReadTime);
        using var over = new CancellationTokenSource();
        var readers = Enumerable.Range(0, Readers).Select(i => ReadAsync(dynamo, $"key-{i}", over.Token)).ToArray();

        var suspicions = new List<string>();
        await AwaitConditionAsync(
            () =>
            {
                while (warnings.HasMessages) suspicions.AddRange(Suspicion(warnings.ExpectMsg<Warning>(Given.Long)));
                return Task.FromResult(suspicions.Count > 0 || slow.All(n => _disks[n].SlowReads >= ReadsToSee));
            },
            Limit, Given.Often);

        foreach (var disk in _disks.Values) disk.SlowDown(TimeSpan.Zero);
        await over.CancelAsync();
        await Task.WhenAll(readers);
        return suspicions;
    }

    private HeldEngine Disk(NodeId node, IStorageEngine store) => _disks[node] = new HeldEngine(store);

    private static IEnumerable<string> Suspicion(Warning warning) =>
        warning.Message.ToString() is { } said && (said.Contains("is believed down", StringComparison.Ordinal) || said.Contains("out of this node's reach", StringComparison.Ordinal)) ? [said] : [];

    // Reads from all three, so that each get waits for the slow disk, and no more reads than readers wait for it.
    private static async Task ReadAsync(DynamoClient dynamo, string key, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            try
            {
                await dynamo.GetAsync(key, new RequestSettings(R: 3), CancellationToken.None);
            }
            catch (DynamoException)
            {
                // While a node is suspected, three cannot answer.
            }
        }
    }
}
