using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Client.Admin;

/// <summary>Where a member stands.</summary>
public enum MemberState
{
    /// <summary>It is known and owns nothing yet.</summary>
    Joining,

    /// <summary>It owns partitions.</summary>
    Up,

    /// <summary>It hands its partitions over.</summary>
    Leaving,

    /// <summary>An operator removed it; it does not come back under this name.</summary>
    Removed,

    /// <summary>It handed everything over and is gone.</summary>
    Left,
}

/// <summary>One node of a cluster.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Address">Where its actor system listens.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Zone">Its rack or room; empty: none was set.</param>
/// <param name="Weight">Its share of the ring in proportion to the others', 1 to 1000.</param>
public sealed record MemberInfo(NodeId Id, NodeAddress Address, MemberState Status, string Zone, int Weight)
{
    /// <summary>It has left or was removed.</summary>
    public bool IsGone => Status is MemberState.Left or MemberState.Removed;

    internal static MemberInfo Of(Member member) => new(member.Id, member.Address, (MemberState)member.Status, member.Zone, member.Weight);
}

/// <summary>What is done to one node by a change of the ring.</summary>
public enum RingChange
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It gets a share of the partitions.</summary>
    Join,

    /// <summary>It hands all it owns to the others and goes.</summary>
    Leave,

    /// <summary>Another node takes exactly its places.</summary>
    Replace,

    /// <summary>It is lost: nothing is waited for from it.</summary>
    ForceRemove,
}

/// <summary>A change that the next commit does.</summary>
/// <param name="Node">The node that it is done to.</param>
/// <param name="Change">What is done.</param>
/// <param name="By">With <see cref="RingChange.Replace"/>: the node that takes over.</param>
public sealed record StagedInfo(NodeId Node, RingChange Change, NodeId? By);

/// <summary>A bucket's options.</summary>
/// <param name="Version">How many times they were set; 0: never, they are the defaults.</param>
/// <param name="Options">The options.</param>
public sealed record BucketInfo(long Version, BucketOptions Options);

/// <summary>A partition with fewer nodes or zones than replicas are wanted.</summary>
/// <param name="Partition">From 0.</param>
/// <param name="Nodes">Distinct nodes among its owners.</param>
/// <param name="Zones">Distinct zones among them.</param>
public sealed record PartitionAtRisk(int Partition, int Nodes, int Zones);

/// <summary>A cluster's members, ring and buckets as one node sees them.</summary>
public sealed class ClusterInfo
{
    internal ClusterInfo(ClusterDirectory directory)
    {
        Directory = directory;
        Ring = new RingInfo(directory.State.Ring);
        Members = [.. directory.State.Members.Values.Select(MemberInfo.Of)];
    }

    /// <summary>The cluster's name.</summary>
    public string Name => Directory.ClusterName;

    /// <summary>The node that was asked.</summary>
    public NodeId Node => Directory.Node;

    /// <summary>Who owns which partition.</summary>
    public RingInfo Ring { get; }

    /// <summary>All that are known, by name; those that are gone too.</summary>
    public IReadOnlyList<MemberInfo> Members { get; }

    /// <summary>The members that have not left and were not removed.</summary>
    public IEnumerable<MemberInfo> Present => Members.Where(m => !m.IsGone);

    /// <summary>Whom the node that was asked believes to be down.</summary>
    public IReadOnlyList<NodeId> Unreachable => Directory.Unreachable;

    /// <summary>What the next commit does.</summary>
    public IReadOnlyList<StagedInfo> Staged => [.. Directory.State.Staged.Select(s => new StagedInfo(s.Key, (RingChange)s.Value.Kind, s.Value.By))];

    /// <summary>Partitions that will have fewer nodes or zones than they should when the change under way is done.</summary>
    public IReadOnlyList<PartitionAtRisk> Risks
    {
        get
        {
            var stay = Directory.State.Members.Values.Where(m => m.OwnsOrWill).Select(m => new Claimant(m.Id, m.Weight, m.Zone)).ToArray();
            var risks = Claim.Risks(Directory.State.Ring.To.Owners, stay, Directory.State.MaxReplicas(Directory.Defaults));
            return [.. risks.Select(r => new PartitionAtRisk(r.Partition, r.Nodes, r.Zones))];
        }
    }

    internal ClusterDirectory Directory { get; }

    /// <summary>A member by its name; null: there is none.</summary>
    public MemberInfo? Find(NodeId node) => Members.FirstOrDefault(m => m.Id == node);

    /// <summary>It is a founder that has a place in the ring and never came.</summary>
    public bool IsUnmet(NodeId node) => Directory.State.IsUnmetOwner(node);

    /// <summary>The options of a bucket.</summary>
    public BucketInfo Bucket(string bucket) =>
        new(Directory.State.Buckets.GetValueOrDefault(bucket)?.Version ?? 0, Directory.State.OptionsOf(bucket, Directory.Defaults));
}
