using System.Collections.Immutable;
using System.Net;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using Akka.Configuration;
using Dynamo.Actors.Shared;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Protocol;
using Dynamo.Storage;
using Dynamo.Storage.Sqlite;

namespace Dynamo.Actors.Settings;

public sealed record NodeSettings(NodeId Id, string Zone, int Weight);

public sealed record ClusterSettings(string Name, ImmutableArray<byte> Secret, ImmutableArray<NodeAddress> Seeds, ImmutableArray<NodeId> Founders);

public sealed record LimitSettings(RequestLimits Requests, int InFlight, int ReplicaQueue, int BatchBytes, int RecordBytes);

public sealed record TimeoutSettings(TimeSpan ReplicaTimeout, TimeSpan Timeout);

/// <param name="ProbePeers">Other nodes that are asked to ping a silent peer before it is suspected.</param>
/// <param name="SuspicionPeers">Peers to which a node forwards each new suspicion at once.</param>
public sealed record GossipSettings(
    TimeSpan Interval, int MaxMessageBytes, TimeSpan HeartbeatInterval, int Watchers, double PhiThreshold, TimeSpan AcceptablePause,
    TimeSpan MinDeviation, TimeSpan ProbeTimeout, int ProbePeers, int SuspicionPeers);

/// <param name="MaxSkew">Distance of a node's wall clock from the median of all from which it is reported.</param>
public sealed record ClockSettings(TimeSpan MaxSkew);

/// <param name="MaxBytes">Limit on bytes of keys and values kept for other nodes.</param>
public sealed record HintSettings(int Max, long MaxBytes, int Batch, TimeSpan Interval);

/// <param name="ScanBatch">Records read per step of a tree rebuild.</param>
public sealed record AntiEntropySettings(TimeSpan Interval, int ScanBatch, TimeSpan ScanPause);

/// <param name="Grace">How long a tombstone must stand unchanged; longer than any request or message may live.</param>
/// <param name="Batch">Tombstones checked with the other nodes at a time.</param>
public sealed record TombstoneSettings(TimeSpan Interval, TimeSpan Grace, int Batch);

/// <param name="Interval">Time between two chunks that a node receives.</param>
/// <param name="RetryInterval">Time before a blocked step is retried.</param>
/// <param name="CompareTimeout">Time limit for the comparison of one partition with one owner.</param>
/// <param name="DropDelay">Time after a partition has moved before its old copy may be dropped.</param>
public sealed record TransferSettings(TimeSpan Interval, TimeSpan RetryInterval, int ChunkBytes, TimeSpan CompareTimeout, TimeSpan DropDelay);

/// <param name="TargetLatency">Foreground p99 from which background work yields.</param>
public sealed record BackgroundSettings(TimeSpan TargetLatency);

/// <param name="Hostname">An IP address.</param>
/// <param name="Port">0: the system chooses one.</param>
public sealed record HttpSettings(bool IsEnabled, string Hostname, int Port, int MaxConnections);

/// <summary>A node's settings: hocon/reference.conf, typed and validated. Read once, when the node starts.</summary>
public sealed partial record DynamoSettings(
    NodeSettings Node, ClusterSettings Cluster, int Partitions, BucketOptions Bucket, LimitSettings Limits, TimeoutSettings Request,
    GossipSettings Gossip, ClockSettings Clock, HintSettings Hints, AntiEntropySettings AntiEntropy, TransferSettings Transfers, TombstoneSettings Tombstones,
    BackgroundSettings Background, StorageSettings Storage, HttpSettings Http, int RandomSeed)
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    // Room in a message for keys, names of writes and the envelope.
    private const int MessageOverhead = 1 << 20;

    /// <summary>All defaults, for <see cref="Config.WithFallback"/>.</summary>
    public static Config Reference { get; } = ConfigurationFactory.FromResource("reference.conf", typeof(DynamoSettings).Assembly);

    /// <param name="given">The node's own file, without fallbacks.</param>
    /// <exception cref="SettingsException">A key is not a setting, or a value is not allowed.</exception>
    public static DynamoSettings From(Config given)
    {
        RefuseUnknown(given);
        var all = new SettingsReader(given.WithFallback(Reference), "dynamo");
        var seeds = all.Section("cluster").TextList("seeds").Select(s => Address(all.Section("cluster"), s));
        var node = ReadNode(all.Section("node"));
        var settings = new DynamoSettings(
            node,
            ReadCluster(all.Section("cluster"), [.. seeds], node.Id),
            ReadPartitions(all.Section("ring")),
            ReadBucket(all.Section("bucket")),
            ReadLimits(all.Section("limits")),
            new TimeoutSettings(
                all.Section("request").Duration("replica-timeout", Millisecond, Minute),
                all.Section("request").Duration("timeout", Millisecond, Minute)),
            ReadGossip(all.Section("gossip")),
            new ClockSettings(all.Section("clock").Duration("max-skew", TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1))),
            new HintSettings(
                all.Section("hints").Number("max", 0, int.MaxValue),
                all.Section("hints").LongSize("max-bytes", 0, 1L << 40),
                all.Section("hints").Number("batch", 1, 10_000),
                all.Section("hints").Duration("interval", Millisecond, Minute)),
            new AntiEntropySettings(
                all.Section("anti-entropy").Duration("interval", Millisecond, Minute),
                all.Section("anti-entropy").Number("scan-batch", 1, 100_000),
                all.Section("anti-entropy").Duration("scan-pause", TimeSpan.Zero, Minute)),
            new TransferSettings(
                all.Section("transfers").Duration("interval", Millisecond, Minute),
                all.Section("transfers").Duration("retry-interval", Millisecond, Minute),
                all.Section("transfers").Size("chunk-bytes", 1 << 10, 8 << 20),
                all.Section("transfers").Duration("compare-timeout", Millisecond, TimeSpan.FromHours(1)),
                all.Section("transfers").Duration("drop-delay", TimeSpan.Zero, TimeSpan.FromDays(1))),
            new TombstoneSettings(
                all.Section("tombstones").Duration("interval", Millisecond, Minute),
                all.Section("tombstones").Duration("grace", TimeSpan.FromSeconds(1), TimeSpan.FromDays(30)),
                all.Section("tombstones").Number("batch", 1, 10_000)),
            new BackgroundSettings(all.Section("background").Duration("target-latency", Millisecond, Minute)),
            ReadStorage(all.Section("storage")),
            ReadHttp(all.Section("http")),
            all.Number("random-seed", 0, int.MaxValue));
        CheckFrame(given, settings);
        return settings;
    }

    // Akka.Remote drops a message that is larger than a frame. Every sender keeps to a bound that follows from the settings, and the frame must hold the largest.
    private static void CheckFrame(Config given, DynamoSettings settings)
    {
        if (!given.HasPath(AgreedSettings.FrameSize)) return;
        int[] bounds = [RecordSizes.SliceBytes, settings.Limits.Requests.MaxValueBytes, settings.Limits.BatchBytes, settings.Transfers.ChunkBytes, settings.Gossip.MaxMessageBytes];
        var needed = bounds.Max() + MessageOverhead;
        if (given.GetByteSize(AgreedSettings.FrameSize) is { } bytes && bytes < needed)
            throw new SettingsException($"{AgreedSettings.FrameSize} = {given.GetString(AgreedSettings.FrameSize)} is less than {needed} bytes, which the largest value and batch need (dynamo.limits)");
    }

    private static void RefuseUnknown(Config given)
    {
        if (given.IsEmpty || !given.HasPath("dynamo")) return;
        SettingsReader.RefuseUnknown(given.GetConfig("dynamo").Root.GetObject(), Reference.GetConfig("dynamo").Root.GetObject(), "dynamo");
    }

    private static NodeSettings ReadNode(SettingsReader node)
    {
        var name = node.Text("name");
        if (!NodeName().IsMatch(name)) throw node.Refused("name", $"a name of 1 to {NodeId.MaxLength} of a-z A-Z 0-9 . _ -");
        return new NodeSettings(new NodeId(name), node.Text("zone"), node.Number("weight", 1, 1000));
    }

    private static ClusterSettings ReadCluster(SettingsReader cluster, ImmutableArray<NodeAddress> seeds, NodeId self)
    {
        var name = cluster.Text("name");
        if (!NodeName().IsMatch(name)) throw cluster.Refused("name", $"a name of 1 to {NodeId.MaxLength} of a-z A-Z 0-9 . _ -");
        var secret = cluster.Text("secret") is { Length: > 0 } given ? given : $"no secret: {name}";
        var founders = cluster.TextList("founders");
        foreach (var founder in founders)
            if (!NodeName().IsMatch(founder)) throw cluster.Refused("founders", $"names of nodes, which '{founder}' is not,");
        if (founders.Count == 0 && seeds.IsEmpty) founders = [self.Name];
        return new ClusterSettings(name, [.. Encoding.UTF8.GetBytes(secret)], seeds, [.. founders.Select(f => new NodeId(f))]);
    }

    private static NodeAddress Address(SettingsReader cluster, string text)
    {
        try
        {
            return NodeAddress.Parse(text);
        }
        catch (FormatException)
        {
            throw cluster.Refused("seeds", $"host:port, which '{text}' is not,");
        }
    }

    private static int ReadPartitions(SettingsReader ring)
    {
        var partitions = ring.Number("partitions", 1, HashRing.MaxPartitions);
        return BitOperations.IsPow2(partitions) ? partitions : throw ring.Refused("partitions", $"a power of two up to {HashRing.MaxPartitions}");
    }

    private static BucketOptions ReadBucket(SettingsReader bucket)
    {
        var n = bucket.Number("n", 1, QuorumRules.MaxN);
        return new BucketOptions(
            new QuorumRules(n, bucket.Number("r", 1, n), bucket.Number("w", 1, n)),
            bucket.OneOf("conflicts", ConflictWords.All),
            bucket.Number("warn-siblings", 1, 1_000_000),
            ReadTtl(bucket));
    }

    private static long ReadTtl(SettingsReader bucket) =>
        bucket.Text("ttl") == "never" ? 0 : (long)bucket.Duration("ttl", TimeSpan.FromMilliseconds(BucketOptions.MinTtlMs), TimeSpan.FromMilliseconds(BucketOptions.MaxTtlMs)).TotalMilliseconds;

    private static LimitSettings ReadLimits(SettingsReader limits) => new(
        new RequestLimits(limits.Size("key-bytes", 1, 16 << 10), limits.Size("value-bytes", 0, 8 << 20)),
        limits.Number("in-flight", 1, 10_000_000),
        limits.Number("replica-queue", 1, 10_000_000),
        limits.Size("batch-bytes", 1 << 10, 8 << 20),
        limits.Size("record-bytes", 1 << 10, 12 << 20));

    private static GossipSettings ReadGossip(SettingsReader gossip) => new(
        gossip.Duration("interval", Millisecond, Minute),
        gossip.Size("max-message-bytes", 1 << 10, 8 << 20),
        gossip.Duration("heartbeat-interval", Millisecond, Minute),
        gossip.Number("watchers", 1, 100),
        gossip.Fraction("phi-threshold", 1, 100),
        gossip.Duration("acceptable-pause", TimeSpan.Zero, Minute),
        gossip.Duration("min-deviation", Millisecond, Minute),
        gossip.Duration("probe-timeout", Millisecond, Minute),
        gossip.Number("probe-peers", 0, 20),
        gossip.Number("suspicion-peers", 1, 20));

    private static StorageSettings ReadStorage(SettingsReader storage) => new(
        storage.OneOf("engine", ("sqlite", "sqlite"), ("memory", "memory")),
        new SqliteSettings(
            storage.Text("data-dir") is { Length: > 0 } dir ? dir : throw storage.Refused("data-dir", "a folder"),
            storage.OneOf("durability", ("commit", true), ("os", false)),
            storage.Number("commit-writes", 1, 1_000_000),
            storage.Size("commit-bytes", 1, 1 << 30),
            storage.Number("queue-writes", 1, 10_000_000),
            storage.LongSize("queue-bytes", 1, 1L << 40)));

    private static HttpSettings ReadHttp(SettingsReader http) => new(
        http.OneOf("enabled", ("on", true), ("off", false)),
        ReadIpAddress(http),
        http.Number("port", 0, ushort.MaxValue),
        http.Number("max-connections", 1, 100_000));

    private static string ReadIpAddress(SettingsReader http)
    {
        var hostname = http.Text("hostname");
        if (hostname == "localhost") return IPAddress.Loopback.ToString();
        return IPAddress.TryParse(hostname, out var address) ? address.ToString() : throw http.Refused("hostname", "an IP address or localhost");
    }

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,64}\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NodeName();
}
