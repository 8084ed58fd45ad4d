using Dynamo.Core.Ring;

namespace Dynamo.Core.Buckets;

/// <summary>Default request options for all keys of a bucket.</summary>
/// <param name="WarnSiblings">A key with more siblings than this is logged and counted; none is ever dropped.</param>
/// <param name="TtlMs">Milliseconds until a value expires, for puts that do not say; 0: never.</param>
public sealed record BucketOptions(QuorumRules Quorum, ConflictMode Conflicts, int WarnSiblings, long TtlMs = 0)
{
    /// <summary>Clocks differ by more than a fraction of a second, so shorter lives mean nothing.</summary>
    public const long MinTtlMs = 1000;

    /// <summary>A hundred years.</summary>
    public const long MaxTtlMs = 100 * 365L * 86_400_000;

    public static readonly BucketOptions Default = new(QuorumRules.Default, ConflictMode.Siblings, 20);

    /// <summary>The reason why a value cannot live so long; null: it can.</summary>
    /// <param name="ttlMs">0: for ever.</param>
    public static string? WhyNotTtl(long ttlMs) =>
        ttlMs is 0 or (>= MinTtlMs and <= MaxTtlMs) ? null : $"ttl = {ttlMs} ms is not from 1 s to 100 years (0: values do not expire)";

    /// <summary>The reason why a bucket of this name cannot have these options; null: it can.</summary>
    public string? WhyNot(string bucket)
    {
        if (StorageKey.WhyNotBucket(bucket) is { } reason) return reason;
        if (WhyNotTtl(TtlMs) is { } ttl) return $"bucket {bucket}: {ttl}";
        if (WarnSiblings < 1) return $"bucket {bucket}: warn-siblings = {WarnSiblings}, but the minimum is 1";
        try
        {
            Quorum.Checked();
            return null;
        }
        catch (BadQuorumException e)
        {
            return $"bucket {bucket}: {e.Message}";
        }
    }
}
