using System.Collections.Immutable;
using System.Globalization;
using Akka.Configuration;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;

namespace Dynamo.Actors.Settings;

/// <summary>The settings that a node compares with those of its peers (docs/decisions/0019-who-may-gossip.md).</summary>
internal static class AgreedSettings
{
    internal const string FrameSize = "akka.remote.dot-netty.tcp.maximum-frame-size";

    /// <param name="akka">The actor system's configuration, which limits messages.</param>
    public static ImmutableArray<AgreedSetting> Of(DynamoSettings settings, Config akka)
    {
        var (bucket, limits) = (settings.Bucket, settings.Limits);
        var agreed = ImmutableArray.CreateBuilder<AgreedSetting>();
        Add("dynamo.ring.partitions", settings.Partitions);
        Add("dynamo.bucket.n", bucket.Quorum.N);
        Add("dynamo.bucket.r", bucket.Quorum.R);
        Add("dynamo.bucket.w", bucket.Quorum.W);
        agreed.Add(new AgreedSetting("dynamo.bucket.conflicts", ConflictWords.Of(bucket.Conflicts)));
        agreed.Add(new AgreedSetting("dynamo.bucket.ttl", bucket.TtlMs == 0 ? "never" : $"{bucket.TtlMs}ms"));
        Add("dynamo.limits.key-bytes", limits.Requests.MaxKeyBytes);
        Add("dynamo.limits.value-bytes", limits.Requests.MaxValueBytes);
        Add("dynamo.limits.record-bytes", limits.RecordBytes);
        agreed.Add(new AgreedSetting("dynamo.tombstones.grace", string.Create(CultureInfo.InvariantCulture, $"{settings.Tombstones.Grace.TotalSeconds}s")));
        if (akka.HasPath(FrameSize) && akka.GetByteSize(FrameSize) is { } frame) Add(FrameSize, frame);
        return agreed.ToImmutable();

        void Add(string key, long value) => agreed.Add(new AgreedSetting(key, value.ToString(CultureInfo.InvariantCulture)));
    }
}
