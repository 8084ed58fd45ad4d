using Dynamo.Core.Ring;

namespace Dynamo.Core.Buckets;

/// <summary>Default request options for all keys of a bucket.</summary>
/// <param name="WarnSiblings">A key with more siblings than this is logged and counted; none is ever dropped.</param>
public sealed record BucketOptions(QuorumRules Quorum, ConflictMode Conflicts, int WarnSiblings)
{
    public static readonly BucketOptions Default = new(QuorumRules.Default, ConflictMode.Siblings, 20);

    /// <summary>The reason why a bucket of this name cannot have these options; null: it can.</summary>
    public string? WhyNot(string bucket)
    {
        if (StorageKey.WhyNotBucket(bucket) is { } reason) return reason;
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
