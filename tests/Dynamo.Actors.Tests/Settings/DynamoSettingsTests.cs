using System.Text;
using Akka.Configuration;
using Dynamo.Actors.Settings;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Protocol;
using Dynamo.Storage;
using Dynamo.Storage.Sqlite;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.Settings;

public class DynamoSettingsTests
{
    [Fact]
    public void Only_the_name_is_required()
    {
        var settings = Given.Settings();
        Assert.Equal(new NodeSettings(Given.N1, "", 1), settings.Node);
        Assert.Equal("dynamo", settings.Cluster.Name);
        Assert.Empty(settings.Cluster.Seeds);
        Assert.Equal(256, settings.Partitions);
        Assert.Equal(new BucketOptions(new QuorumRules(3, 2, 2), ConflictMode.Siblings, 20), settings.Bucket);
        Assert.Equal(new LimitSettings(new RequestLimits(1024, 1 << 20), 10_000, 20_000, 512 << 10, 4 << 20), settings.Limits);
        Assert.Equal(new TimeoutSettings(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(3)), settings.Request);
        Assert.Equal(new StorageSettings("sqlite", new SqliteSettings("data", SyncsCommits: true, CommitWrites: 4096, CommitBytes: 8 << 20, QueueWrites: 100_000, QueueBytes: 64 << 20)), settings.Storage);
        Assert.Equal(new HintSettings(1_000_000, 1 << 30, 200, TimeSpan.FromMilliseconds(100)), settings.Hints);
        Assert.Equal(0, settings.RandomSeed);
    }

    [Fact]
    public void A_file_without_a_name_says_so()
    {
        var refusal = Assert.Throws<SettingsException>(() => DynamoSettings.From(ConfigurationFactory.ParseString("dynamo { }")));
        Assert.StartsWith("dynamo.node.name = '':", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<SettingsException>(() => DynamoSettings.From(Config.Empty));
    }

    [Fact]
    public void A_node_without_seeds_founds_its_cluster_and_one_with_seeds_waits_for_them()
    {
        Assert.Equal([Given.N1], Given.Settings().Cluster.Founders.ToArray());
        Assert.Empty(Given.Settings("dynamo.cluster.seeds = [\"127.0.0.1:7101\"]").Cluster.Founders);
        Assert.Equal([Given.N1, Given.N2], Given.Settings("dynamo.cluster { seeds = [\"127.0.0.1:7101\"], founders = [n1, n2] }").Cluster.Founders.ToArray());
    }

    [Fact]
    public void Seeds_are_addresses()
    {
        var settings = Given.Settings("dynamo.cluster.seeds = [\"127.0.0.1:7101\", \"node-2.example:1\", \"[::1]:65535\"]");
        Assert.Equal([new NodeAddress("127.0.0.1", 7101), new NodeAddress("node-2.example", 1), new NodeAddress("::1", 65535)], settings.Cluster.Seeds.ToArray());
    }

    [Fact]
    public void Without_a_secret_the_cluster_name_makes_it()
    {
        Assert.Equal("s", Encoding.UTF8.GetString(Given.Settings("dynamo.cluster.secret = s").Cluster.Secret.AsSpan()));
        Assert.NotEqual(Given.Settings("dynamo.cluster.name = a").Cluster.Secret.ToArray(), Given.Settings("dynamo.cluster.name = b").Cluster.Secret.ToArray());
    }

    [Theory]
    [InlineData("node.name", "\"\"", "''", "a name of 1 to 64")]
    [InlineData("node.name", "\"a b\"", "'a b'", "a name of 1 to 64")]
    [InlineData("node.name", "\"a/b\"", "'a/b'", "a name of 1 to 64")]
    [InlineData("node.name", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "xxx", "a name of 1 to 64")]
    [InlineData("node.name", "\"n\\n1\"", "'n\\n1'", "a name of 1 to 64")]
    [InlineData("node.weight", "0", "'0'", "a whole number from 1 to 1000")]
    [InlineData("node.weight", "1001", "'1001'", "a whole number from 1 to 1000")]
    [InlineData("node.weight", "heavy", "'heavy'", "a whole number from 1 to 1000")]
    [InlineData("node.weight", "1.5", "'1.5'", "a whole number from 1 to 1000")]
    [InlineData("node.weight", "99999999999999999999", "'99999999999999999999'", "a whole number from 1 to 1000")]
    [InlineData("cluster.name", "\"\"", "''", "a name of 1 to 64")]
    [InlineData("cluster.name", "\"dyn\\namo\"", "'dyn\\namo'", "a name of 1 to 64")]
    [InlineData("cluster.seeds", "[\"here\"]", "'here'", "host:port")]
    [InlineData("cluster.seeds", "[\"127.0.0.1:0\"]", "'127.0.0.1:0'", "host:port")]
    [InlineData("cluster.seeds", "[\"127.0.0.1:65536\"]", "'127.0.0.1:65536'", "host:port")]
    [InlineData("cluster.seeds", "[\":7100\"]", "':7100'", "host:port")]
    [InlineData("cluster.seeds", "\"127.0.0.1:7100\"", "'127.0.0.1:7100'", "a list in [ ]")]
    [InlineData("cluster.founders", "[\"n 1\"]", "'n 1'", "names of nodes")]
    [InlineData("cluster.founders", "[\"n\\n1\"]", "'n\\n1'", "names of nodes")]
    [InlineData("cluster.founders", "n1", "'n1'", "a list in [ ]")]
    [InlineData("ring.partitions", "100", "'100'", "a power of two up to 4096")]
    [InlineData("ring.partitions", "8192", "'8192'", "a whole number from 1 to 4096")]
    [InlineData("ring.partitions", "0", "'0'", "a whole number from 1 to 4096")]
    [InlineData("bucket.n", "0", "'0'", "a whole number from 1 to 16")]
    [InlineData("bucket.n", "17", "'17'", "a whole number from 1 to 16")]
    [InlineData("bucket.r", "4", "'4'", "a whole number from 1 to 3")]
    [InlineData("bucket.w", "0", "'0'", "a whole number from 1 to 3")]
    [InlineData("bucket.n", "1", "'2'", "a whole number from 1 to 1")]
    [InlineData("bucket.conflicts", "newest", "'newest'", "siblings or last-write-wins")]
    [InlineData("bucket.warn-siblings", "-1", "'-1'", "a whole number from 1 to 1000000")]
    [InlineData("limits.key-bytes", "17KiB", "'17KiB'", "a size from 1 to 16384 bytes")]
    [InlineData("limits.key-bytes", "0", "'0'", "a size from 1 to 16384 bytes")]
    [InlineData("limits.value-bytes", "9MiB", "'9MiB'", "a size from 0 to 8388608 bytes")]
    [InlineData("limits.value-bytes", "large", "'large'", "a size from 0 to 8388608 bytes")]
    [InlineData("limits.in-flight", "0", "'0'", "a whole number from 1 to 10000000")]
    [InlineData("limits.replica-queue", "0", "'0'", "a whole number from 1 to 10000000")]
    [InlineData("limits.batch-bytes", "1", "'1'", "a size from 1024 to 8388608 bytes")]
    [InlineData("limits.record-bytes", "16MiB", "'16MiB'", "a size from 1024 to 12582912 bytes")]
    [InlineData("request.replica-timeout", "0ms", "'0ms'", "a duration from 1ms to 60s")]
    [InlineData("request.timeout", "2m", "'2m'", "a duration from 1ms to 60s")]
    [InlineData("request.timeout", "soon", "'soon'", "a duration from 1ms to 60s")]
    [InlineData("request.timeout", "-1s", "'-1s'", "a duration from 1ms to 60s")]
    [InlineData("gossip.interval", "0s", "'0s'", "a duration from 1ms to 60s")]
    [InlineData("gossip.heartbeat-interval", "1h", "'1h'", "a duration from 1ms to 60s")]
    [InlineData("gossip.watchers", "0", "'0'", "a whole number from 1 to 100")]
    [InlineData("gossip.phi-threshold", "0.5", "'0.5'", "a number from 1 to 100")]
    [InlineData("gossip.phi-threshold", "NaN", "'NaN'", "a number from 1 to 100")]
    [InlineData("gossip.acceptable-pause", "61s", "'61s'", "a duration from 0ms to 60s")]
    [InlineData("gossip.min-deviation", "0s", "'0s'", "a duration from 1ms to 60s")]
    [InlineData("gossip.max-message-bytes", "1000", "'1000'", "a size from 1024 to 8388608 bytes")]
    [InlineData("gossip.probe-timeout", "0s", "'0s'", "a duration from 1ms to 60s")]
    [InlineData("gossip.probe-peers", "21", "'21'", "a whole number from 0 to 20")]
    [InlineData("gossip.suspicion-peers", "0", "'0'", "a whole number from 1 to 20")]
    [InlineData("hints.max", "-1", "'-1'", "a whole number from 0 to 2147483647")]
    [InlineData("hints.max-bytes", "2TiB", "'2TiB'", "a size from 0 to 1099511627776 bytes")]
    [InlineData("hints.batch", "10001", "'10001'", "a whole number from 1 to 10000")]
    [InlineData("hints.interval", "0s", "'0s'", "a duration from 1ms to 60s")]
    [InlineData("anti-entropy.interval", "0s", "'0s'", "a duration from 1ms to 60s")]
    [InlineData("anti-entropy.scan-batch", "0", "'0'", "a whole number from 1 to 100000")]
    [InlineData("anti-entropy.scan-pause", "1d", "'1d'", "a duration from 0ms to 60s")]
    [InlineData("tombstones.grace", "500ms", "'500ms'", "a duration from 1s to 2592000s")]
    [InlineData("tombstones.interval", "0s", "'0s'", "a duration from 1ms to 60s")]
    [InlineData("tombstones.batch", "0", "'0'", "a whole number from 1 to 10000")]
    [InlineData("background.target-latency", "0s", "'0s'", "a duration from 1ms to 60s")]
    [InlineData("storage.engine", "paper", "'paper'", "sqlite or memory")]
    [InlineData("storage.data-dir", "\"\"", "''", "a folder")]
    [InlineData("storage.durability", "maybe", "'maybe'", "commit or os")]
    [InlineData("storage.commit-writes", "0", "'0'", "a whole number from 1")]
    [InlineData("storage.commit-bytes", "2GiB", "'2GiB'", "a size from 1")]
    [InlineData("storage.queue-writes", "0", "'0'", "a whole number from 1 to 10000000")]
    [InlineData("storage.queue-bytes", "0", "'0'", "a size from 1 to 1099511627776 bytes")]
    [InlineData("random-seed", "-7", "'-7'", "a whole number from 0 to 2147483647")]
    [InlineData("hints.max", "{ a = 1 }", "", "a whole number from 0 to 2147483647")]
    [InlineData("hints.max", "[1, 2]", "", "a whole number from 0 to 2147483647")]
    public void An_impossible_value_is_refused_with_its_key_and_the_allowed_range(string key, string value, string shown, string allowed)
    {
        var refusal = Assert.Throws<SettingsException>(() => Given.Settings($"dynamo.{key} = {value}"));
        // The check of a bucket's R and W depends on its N.
        if (key != "bucket.n" || value != "1") Assert.StartsWith($"dynamo.{key} = ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(shown, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(allowed, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Theory]
    [InlineData("dynamo.storage.engin = sqlite", "dynamo.storage.engin is not a setting: did you mean 'engine'?")]
    [InlineData("dynamo.Storage.engine = sqlite", "dynamo.Storage is not a setting: did you mean 'storage'?")]
    [InlineData("dynamo.storage.path = x", "dynamo.storage.path is not a setting: there are commit-bytes, commit-writes, data-dir, durability, engine, queue-bytes, queue-writes")]
    [InlineData("dynamo.limits.key_bytes = 1", "dynamo.limits.key_bytes is not a setting: did you mean 'key-bytes'?")]
    [InlineData("dynamo.quorum { n = 3 }", "dynamo.quorum is not a setting: there are anti-entropy, b")]
    [InlineData("dynamo.storage = sqlite", "dynamo.storage is a section: dynamo.storage { … } is wanted")]
    public void An_unknown_key_is_refused_and_the_nearest_setting_named(string line, string message)
    {
        var refusal = Assert.Throws<SettingsException>(() => Given.Settings(line));
        Assert.StartsWith(message, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_outside_dynamo_are_not_checked() => Given.Settings("akka.loglevel = INFO\nmine.own = 1");
}
