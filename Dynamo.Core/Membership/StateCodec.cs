using System.Collections.Immutable;
using Dynamo.Core.Quorum;
using Dynamo.Core.Ring;
using Dynamo.Core.Wire;

namespace Dynamo.Core.Membership;

/// <summary>The one binary form of the cluster's state: in gossip, on disk, and under its hash.</summary>
public static class StateCodec
{
    public static void Write(ByteWriter to, ClusterState state)
    {
        to.Count(state.Members.Count);
        foreach (var member in state.Members.Values) Write(to, member);
        Write(to, state.Ring);
        to.Count(state.Buckets.Count);
        foreach (var (name, entry) in state.Buckets)
        {
            to.Text(name);
            to.Count(entry.Version);
            Write(to, entry.Options);
        }
    }

    public static ClusterState ReadState(ref ByteReader from)
    {
        var members = ImmutableSortedDictionary.CreateBuilder<NodeId, Member>();
        for (var left = from.ListLength(8); left > 0; left--)
        {
            var member = ReadMember(ref from);
            members[member.Id] = member;
        }
        var ring = ReadRing(ref from);
        var buckets = ImmutableSortedDictionary.CreateBuilder<string, BucketEntry>();
        for (var left = from.ListLength(8); left > 0; left--)
        {
            var name = from.Text();
            buckets[name] = new BucketEntry(from.Count(), ReadOptions(ref from));
        }
        return new ClusterState(members.ToImmutable(), ring, buckets.ToImmutable());
    }

    public static void Write(ByteWriter to, Member member)
    {
        to.Text(member.Id.Name);
        to.Text(member.Address.Host);
        to.Count(member.Address.Port);
        to.Count(member.Incarnation);
        to.Byte((byte)member.Status);
        to.Text(member.Zone);
        to.Count(member.Weight);
    }

    public static Member ReadMember(ref ByteReader from) => new(
        new NodeId(from.Text()),
        new NodeAddress(from.Text(), from.Int()),
        from.Count(),
        ReadStatus(ref from),
        from.Text(),
        from.Int());

    /// <summary>Owners as indexes into a table of names: about a byte a partition.</summary>
    public static void Write(ByteWriter to, RingVersion ring)
    {
        to.Count(ring.Epoch);
        to.Fixed64(ring.PlanId);
        var nodes = ring.Table.Nodes.Order().ToArray();
        to.Count(nodes.Length);
        foreach (var node in nodes)
        {
            to.Text(node.Name);
            to.Text(ring.Table.Zones.GetValueOrDefault(node, ""));
        }
        to.Count(ring.Table.PartitionCount);
        var places = nodes.Select((node, place) => (node, place)).ToDictionary(n => n.node, n => n.place);
        foreach (var owner in ring.Table.Owners) to.Count(places[owner]);
    }

    public static RingVersion ReadRing(ref ByteReader from)
    {
        var epoch = from.Count();
        var planId = from.Fixed64();
        var nodes = new NodeId[from.ListLength(2)];
        var zones = ImmutableDictionary.CreateBuilder<NodeId, string>();
        for (var i = 0; i < nodes.Length; i++)
        {
            nodes[i] = new NodeId(from.Text());
            if (from.Text() is { Length: > 0 } zone) zones[nodes[i]] = zone;
        }
        var owners = new NodeId[from.ListLength()];
        for (var i = 0; i < owners.Length; i++)
        {
            var place = from.Count();
            owners[i] = place < nodes.Length ? nodes[place] : throw new MalformedBytesException("a ring whose owner is not in its table");
        }
        if (owners.Length == 0) return RingVersion.None;
        if (owners.Length > HashRing.MaxPartitions || !System.Numerics.BitOperations.IsPow2(owners.Length))
            throw new MalformedBytesException($"a ring of {owners.Length} partitions");
        return new RingVersion(new HashRing(epoch, [.. owners], zones.ToImmutable()), planId);
    }

    public static void Write(ByteWriter to, BucketOptions options)
    {
        Write(to, options.Quorum);
        to.Byte((byte)options.Conflicts);
        to.Count(options.WarnSiblings);
    }

    public static BucketOptions ReadOptions(ref ByteReader from) => new(
        ReadQuorum(ref from),
        from.Byte() is var mode && mode <= (byte)ConflictMode.LastWriteWins
            ? (ConflictMode)mode : throw new MalformedBytesException("an unknown conflict mode"),
        from.Int());

    private static void Write(ByteWriter to, QuorumRules rules)
    {
        foreach (var number in (ReadOnlySpan<int>)[rules.N, rules.R, rules.W, rules.PR, rules.PW, rules.DW]) to.Count(number);
    }

    private static QuorumRules ReadQuorum(ref ByteReader from) =>
        new(from.Int(), from.Int(), from.Int(), from.Int(), from.Int(), from.Int());

    private static MemberStatus ReadStatus(ref ByteReader from) =>
        from.Byte() is var status && status <= (byte)MemberStatus.Removed
            ? (MemberStatus)status : throw new MalformedBytesException("an unknown member status");
}
