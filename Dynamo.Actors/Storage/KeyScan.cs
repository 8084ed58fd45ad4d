using System.Collections.Immutable;
using Dynamo.Core.Listing;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;
using Dynamo.Core.Wire;
using Dynamo.Protocol;

namespace Dynamo.Actors.Storage;

/// <summary>Answers a listing's question for the next keys of one partition. It looks at a bounded number of records, so that requests do not wait for it.</summary>
internal static class KeyScan
{
    /// <summary>Records looked at for one page: a few milliseconds.</summary>
    public const int MaxScanned = 2000;

    /// <summary>Bytes of the keys of one page.</summary>
    public const int MaxBytes = 256 << 10;

    /// <param name="nowMs">The node's clock, by which values expire: milliseconds since 1970.</param>
    public static KeysPage Answer(KeysRequest asked, Func<StorageKey?, int, IReadOnlyList<StoredRecord>> scan, long nowMs)
    {
        var wanted = asked.Bucket.Length == 0 ? [] : StorageKey.EncodedStart(asked.Bucket, asked.Prefix.Span);
        var keys = ImmutableArray.CreateBuilder<HeldKey>();
        var buckets = new HashSet<string>();
        var room = new ByteBudget(MaxBytes, Math.Clamp(asked.Max, 1, MaxScanned));
        var at = asked.After;
        for (var scanned = 0; scanned < MaxScanned;)
        {
            var page = scan(at, MaxScanned - scanned);
            if (page.Count == 0) return new KeysPage(new ReplicaPage(keys.ToImmutable(), at, IsEnd: true));
            foreach (var (key, record) in page)
            {
                if (key.Encoded.AsSpan().StartsWith(wanted))
                {
                    var held = new HeldKey(key, VersionCodec.Digest(key, record.Versions), !record.Versions.IsGone(nowMs));
                    var isWanted = asked.Bucket.Length > 0 || (held.IsLive && buckets.Add(key.Bucket));
                    if (isWanted && !room.TryTake(key.Encoded.Length + 10)) return new KeysPage(new ReplicaPage(keys.ToImmutable(), at, IsEnd: false));
                    if (isWanted) keys.Add(held);
                }
                at = key;
                scanned++;
            }
        }
        return new KeysPage(new ReplicaPage(keys.ToImmutable(), at, IsEnd: false));
    }
}
