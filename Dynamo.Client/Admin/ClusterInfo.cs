using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Client.Admin;

/// <summary>The membership state of a node.</summary>
public enum MemberState
{
    /// <summary>Known to the cluster, but owns no partitions yet.</summary>
    Joining,

    /// <summary>Owns partitions.</summary>
    Up,

    /// <summary>Hands its partitions over to the others.</summary>
    Leaving,

    /// <summary>Removed by an operator; cannot come back under this name.</summary>
    Removed,

    /// <summary>Handed everything over and is gone.</summary>
    Left,
}

/// <summary>One node of a cluster.</summary>
/// <param name="Id">The node's name.</param>
/// <param name="Address">Address on which the node's actor system listens.</param>
/// <param name="Status">The node's membership state.</param>
/// <param name="Zone">The node's rack or room; empty: none was set.</param>
/// <param name="Weight">Relative share of the ring, 1 to 1000.</param>
public sealed record MemberInfo(NodeId Id, NodeAddress Address, MemberState Status, string Zone, int Weight)
{
    /// <summary>True when the node has left or was removed.</summary>
    public bool IsGone => Status is MemberState.Left or MemberState.Removed;

    internal static MemberInfo Of(Member member) => new(member.Id, member.Address, (MemberState)member.Status, member.Zone, member.Weight);
}

/// <summary>The kind of a ring change, as it affects one node.</summary>
public enum RingChange
{
    /// <summary>No change.</summary>
    None,

    /// <summary>The node receives a share of the partitions.</summary>
    Join,

    /// <summary>The node hands all its partitions to the others and leaves.</summary>
    Leave,

    /// <summary>Another node takes over exactly its partitions.</summary>
    Replace,

    /// <summary>The node is lost, and the cluster does not wait for its data.</summary>
    ForceRemove,
}

/// <summary>A staged change, which the next commit carries out.</summary>
/// <param name="Node">The node that changes.</param>
/// <param name="Change">The kind of change.</param>
/// <param name="By">For <see cref="RingChange.Replace"/>: the node that takes over.</param>
public sealed record StagedInfo(NodeId Node, RingChange Change, NodeId? By);

/// <summary>A bucket's options.</summary>
/// <param name="Version">How many times the options were set; 0: never, so they are the defaults.</param>
/// <param name="Options">The options.</param>
public sealed record BucketInfo(long Version, BucketOptions Options);

/// <summary>A partition whose replicas are on too few nodes or zones.</summary>
/// <param name="Partition">Partition number, from 0.</param>
/// <param name="Nodes">Number of distinct nodes among its owners.</param>
/// <param name="Zones">Number of distinct zones among its owners.</param>
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

    /// <summary>The owners of each partition.</summary>
    public RingInfo Ring { get; }

    /// <summary>All known members by name, including those that are gone.</summary>
    public IReadOnlyList<MemberInfo> Members { get; }

    /// <summary>The members that have neither left nor been removed.</summary>
    public IEnumerable<MemberInfo> Present => Members.Where(m => !m.IsGone);

    /// <summary>Nodes that the asked node believes to be down.</summary>
    public IReadOnlyList<NodeId> Unreachable => Directory.Unreachable;

    /// <summary>The changes that the next commit carries out.</summary>
    public IReadOnlyList<StagedInfo> Staged => [.. Directory.State.Staged.Select(s => new StagedInfo(s.Key, (RingChange)s.Value.Kind, s.Value.By))];

    /// <summary>Partitions that will be on too few nodes or zones when the current ring change is complete.</summary>
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

    /// <summary>Finds a member by name; null: there is none.</summary>
    public MemberInfo? Find(NodeId node) => Members.FirstOrDefault(m => m.Id == node);

    /// <summary>True for a founder that has partitions in the ring but has never joined.</summary>
    public bool IsUnmet(NodeId node) => Directory.State.IsUnmetOwner(node);

    /// <summary>The options of a bucket.</summary>
    public BucketInfo Bucket(string bucket) =>
        new(Directory.State.Buckets.GetValueOrDefault(bucket)?.Version ?? 0, Directory.State.OptionsOf(bucket, Directory.Defaults));
}
