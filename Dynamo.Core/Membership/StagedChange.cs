using Dynamo.Core.Ring;

namespace Dynamo.Core.Membership;

public enum ChangeKind : byte
{
    /// <summary>The staged change was taken back.</summary>
    None = 0,

    Join = 1,

    Leave = 2,

    /// <summary>Another node takes exactly the places of this one.</summary>
    Replace = 3,

    /// <summary>The node is gone for good: nobody waits for it.</summary>
    ForceRemove = 4,
}

/// <summary>An operator's intended change of one node, until a commit carries it out.</summary>
/// <param name="BaseEpoch">The epoch of the ring that the change was staged on: a commit of any plan makes it obsolete.</param>
/// <param name="Version">Raised each time another change is staged for the node; the higher wins.</param>
/// <param name="By">With <see cref="ChangeKind.Replace"/>: the node that takes over.</param>
public sealed record StagedChange(long BaseEpoch, long Version, ChangeKind Kind, NodeId? By = null)
{
    public static StagedChange Later(StagedChange a, StagedChange b) => Order(a).CompareTo(Order(b)) >= 0 ? a : b;

    private static (long, long, byte, string) Order(StagedChange change) =>
        (change.BaseEpoch, change.Version, (byte)change.Kind, change.By?.Name ?? "");
}
