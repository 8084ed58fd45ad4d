using Akka.Configuration;
using Akka.Configuration.Hocon;
using Dynamo.Actors.Settings;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.Settings;

/// <summary>hocon/reference.conf: every key is explained and used.</summary>
public class ReferenceConfTests
{
    /// <summary>For each key of a node's file, a value other than the default.</summary>
    private static readonly Dictionary<string, string> Others = new()
    {
        ["node.name"] = "other",
        ["node.zone"] = "rack-1",
        ["node.weight"] = "2",
        ["cluster.name"] = "other",
        ["cluster.secret"] = "s",
        ["cluster.seeds"] = "[\"127.0.0.1:7101\"]",
        ["cluster.founders"] = "[n1, n2]",
        ["ring.partitions"] = "64",
        ["bucket.n"] = "4",
        ["bucket.r"] = "1",
        ["bucket.w"] = "3",
        ["bucket.conflicts"] = "last-write-wins",
        ["bucket.warn-siblings"] = "21",
        ["bucket.ttl"] = "2h",
        ["limits.key-bytes"] = "2KiB",
        ["limits.value-bytes"] = "2MiB",
        ["limits.in-flight"] = "1",
        ["limits.replica-queue"] = "1",
        ["limits.batch-bytes"] = "1KiB",
        ["limits.record-bytes"] = "1KiB",
        ["request.replica-timeout"] = "1s",
        ["request.timeout"] = "1m",
        ["gossip.interval"] = "2s",
        ["gossip.max-message-bytes"] = "1KiB",
        ["gossip.heartbeat-interval"] = "2s",
        ["gossip.watchers"] = "3",
        ["gossip.phi-threshold"] = "8.5",
        ["gossip.acceptable-pause"] = "0s",
        ["gossip.min-deviation"] = "1ms",
        ["gossip.probe-timeout"] = "1s",
        ["gossip.probe-peers"] = "0",
        ["gossip.suspicion-peers"] = "1",
        ["clock.max-skew"] = "1s",
        ["hints.max"] = "0",
        ["hints.max-bytes"] = "2GiB",
        ["hints.batch"] = "1",
        ["hints.interval"] = "1s",
        ["anti-entropy.interval"] = "60s",
        ["anti-entropy.scan-batch"] = "1",
        ["anti-entropy.scan-pause"] = "0s",
        ["transfers.chunk-bytes"] = "1KiB",
        ["transfers.interval"] = "2s",
        ["transfers.retry-interval"] = "2s",
        ["transfers.compare-timeout"] = "2s",
        ["transfers.drop-delay"] = "2s",
        ["tombstones.grace"] = "1s",
        ["tombstones.interval"] = "2s",
        ["tombstones.batch"] = "1",
        ["background.target-latency"] = "1ms",
        ["storage.engine"] = "memory",
        ["storage.data-dir"] = "elsewhere",
        ["storage.durability"] = "os",
        ["storage.commit-writes"] = "1",
        ["storage.commit-bytes"] = "1KiB",
        ["storage.queue-writes"] = "1",
        ["storage.queue-bytes"] = "1KiB",
        ["http.enabled"] = "off",
        ["http.hostname"] = "0.0.0.0",
        ["http.port"] = "8100",
        ["http.max-connections"] = "1",
        ["random-seed"] = "7",
    };

    public static TheoryData<string> Keys => [.. Leaves(DynamoSettings.Reference.GetConfig("dynamo").Root.GetObject(), "")];

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_key_is_read(string key)
    {
        Assert.True(Others.TryGetValue(key, out var value), $"{key} has no line in this test");
        var (plain, changed) = (Given.Settings(), Given.Settings($"dynamo.{key} = {value}"));
        Assert.NotEqual(Shown.Of(plain), Shown.Of(changed));
    }

    [Fact]
    public void Every_line_of_this_test_is_a_key() =>
        Assert.Equal(Others.Keys.Order(), Leaves(DynamoSettings.Reference.GetConfig("dynamo").Root.GetObject(), "").Order());

    /// <summary>The comment is above the key, or above the first key of its group.</summary>
    [Fact]
    public void Every_key_is_explained()
    {
        var explained = false;
        var bare = new List<string>();
        foreach (var line in Text().Split('\n').Select(l => l.Trim()))
        {
            if (line.StartsWith('#')) explained = true;
            else if (line.Length == 0 || line.EndsWith('{') || line == "}") explained = false;
            else if (line.Contains('=', StringComparison.Ordinal) && !explained) bare.Add(line);
        }
        // The settings of the runtime are documented by Akka.NET.
        bare.RemoveAll(l => l.StartsWith("loglevel", StringComparison.Ordinal) || l.StartsWith("stdout-", StringComparison.Ordinal) || l.StartsWith("log-", StringComparison.Ordinal));
        Assert.Empty(bare);
    }

    private static string Text()
    {
        using var reader = new StreamReader(typeof(DynamoSettings).Assembly.GetManifestResourceStream("reference.conf")!);
        return reader.ReadToEnd();
    }

    private static IEnumerable<string> Leaves(HoconObject section, string path) =>
        section.Items.SelectMany(i => i.Value.IsObject() ? Leaves(i.Value.GetObject(), $"{path}{i.Key}.") : [path + i.Key]);
}
