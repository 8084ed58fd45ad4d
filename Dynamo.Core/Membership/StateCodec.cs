using System.Collections.Immutable;
using Dynamo.Core.Buckets;
using Dynamo.Core.Ring;
using Dynamo.Core.Wire;

namespace Dynamo.Core.Membership;

/// <summary>The binary form of the cluster's state: in gossip, on disk, and for its hash.</summary>
public static class StateCodec
{
    // Beside a bucket's conflict mode, so that buckets without it keep the form that former versions read.
    private const int HasTtl = 0x80;

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
        to.Count(state.Changes.Count);
        foreach (var (node, change) in state.Changes) Write(to, node, change);
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
        var changes = ImmutableSortedDictionary.CreateBuilder<NodeId, StagedChange>();
        for (var left = from.ListLength(5); left > 0; left--) changes[new NodeId(from.Text())] = ReadChange(ref from);
        return new ClusterState(members.ToImmutable(), ring, buckets.ToImmutable(), changes.ToImmutable());
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

    /// <summary>Writes owners as indexes into a table of names: about one byte per replica of a partition.</summary>
    public static void Write(ByteWriter to, RingVersion ring)
    {
        to.Fixed64(ring.PlanId);
        var nodes = ring.From.Nodes.Concat(ring.To.Nodes).Concat(ring.Standings.Keys).Concat(ring.Reports.Keys).Distinct().Order().ToArray();
        to.Count(nodes.Length);
        foreach (var node in nodes) to.Text(node.Name);
        var places = nodes.Select((node, place) => (node, place)).ToDictionary(n => n.node, n => n.place);
        Write(to, ring.From, places);
        Write(to, ring.To, places);
        to.Count(ring.Standings.Count);
        foreach (var (node, status) in ring.Standings)
        {
            to.Count(places[node]);
            to.Byte((byte)status);
        }
        to.Count(ring.Reports.Count);
        foreach (var (node, received) in ring.Reports)
        {
            to.Count(places[node]);
            to.Count(received.Words.Length);
            foreach (var word in received.Words) to.Fixed64(word);
        }
    }

    public static RingVersion ReadRing(ref ByteReader from)
    {
        var planId = from.Fixed64();
        var nodes = new NodeId[from.ListLength()];
        for (var i = 0; i < nodes.Length; i++) nodes[i] = new NodeId(from.Text());
        var before = ReadTable(ref from, nodes);
        var after = ReadTable(ref from, nodes);
        if (!before.IsNone && before.PartitionCount != after.PartitionCount) throw new MalformedBytesException("a ring that changes its number of partitions");
        var standings = ImmutableSortedDictionary.CreateBuilder<NodeId, MemberStatus>();
        for (var left = from.ListLength(2); left > 0; left--)
        {
            var node = At(nodes, from.Count());
            standings[node] = ReadStatus(ref from);
        }
        var reports = ImmutableSortedDictionary.CreateBuilder<NodeId, PartitionSet>();
        for (var left = from.ListLength(2); left > 0; left--)
        {
            var node = At(nodes, from.Count());
            var words = new ulong[from.ListLength(8)];
            if (words.Length > HashRing.MaxPartitions / 64) throw new MalformedBytesException("a report of more partitions than a ring has");
            for (var i = 0; i < words.Length; i++) words[i] = from.Fixed64();
            reports[node] = PartitionSet.Of(words);
        }
        return after.IsNone ? RingVersion.None : new RingVersion(before, after, planId, standings.ToImmutable(), reports.ToImmutable());
    }

    private static void Write(ByteWriter to, HashRing table, Dictionary<NodeId, int> places)
    {
        to.Count(table.Epoch);
        to.Count(table.PartitionCount);
        foreach (var owners in table.Owners)
        {
            to.Count(owners.Length);
            foreach (var owner in owners) to.Count(places[owner]);
        }
    }

    private static HashRing ReadTable(ref ByteReader from, NodeId[] nodes)
    {
        var epoch = from.Count();
        var owners = new ImmutableArray<NodeId>[from.ListLength()];
        for (var p = 0; p < owners.Length; p++)
        {
            var list = new NodeId[from.ListLength()];
            for (var i = 0; i < list.Length; i++) list[i] = At(nodes, from.Count());
            if (list.Length > QuorumRules.MaxN || list.Distinct().Count() != list.Length) throw new MalformedBytesException("a partition with too many owners, or one twice");
            owners[p] = [.. list];
        }
        if (owners.Length == 0) return HashRing.None;
        if (owners.Length > HashRing.MaxPartitions || !System.Numerics.BitOperations.IsPow2(owners.Length))
            throw new MalformedBytesException($"a ring of {owners.Length} partitions");
        return new HashRing(epoch, [.. owners]);
    }

    private static NodeId At(NodeId[] nodes, long place) =>
        place < nodes.Length ? nodes[place] : throw new MalformedBytesException("a ring with a node that is not in its table");

    private static void Write(ByteWriter to, NodeId node, StagedChange change)
    {
        to.Text(node.Name);
        to.Count(change.BaseEpoch);
        to.Count(change.Version);
        to.Byte((byte)change.Kind);
        to.Text(change.By?.Name ?? "");
    }

    private static StagedChange ReadChange(ref ByteReader from) => new(
        from.Count(), from.Count(),
        from.Byte() is var kind && kind <= (byte)ChangeKind.ForceRemove ? (ChangeKind)kind : throw new MalformedBytesException("an unknown staged change"),
        from.Text() is { Length: > 0 } by ? new NodeId(by) : null);

    public static void Write(ByteWriter to, BucketOptions options)
    {
        Write(to, options.Quorum);
        to.Byte((byte)((int)options.Conflicts | (options.TtlMs > 0 ? HasTtl : 0)));
        to.Count(options.WarnSiblings);
        if (options.TtlMs > 0) to.Count(options.TtlMs);
    }

    public static BucketOptions ReadOptions(ref ByteReader from)
    {
        var (quorum, mode) = (ReadQuorum(ref from), from.Byte());
        var conflicts = (mode & ~HasTtl) is var known && known <= (int)ConflictMode.LastWriteWins
            ? (ConflictMode)known : throw new MalformedBytesException("an unknown conflict mode");
        return new BucketOptions(quorum, conflicts, from.Int(), (mode & HasTtl) != 0 ? from.Count() : 0);
    }

    private static void Write(ByteWriter to, QuorumRules rules)
    {
        foreach (var number in (ReadOnlySpan<int>)[rules.N, rules.R, rules.W, rules.PR, rules.PW, rules.DW]) to.Count(number);
    }

    private static QuorumRules ReadQuorum(ref ByteReader from) =>
        new(from.Int(), from.Int(), from.Int(), from.Int(), from.Int(), from.Int());

    private static MemberStatus ReadStatus(ref ByteReader from) =>
        from.Byte() is var status && status <= (byte)MemberStatus.Left
            ? (MemberStatus)status : throw new MalformedBytesException("an unknown member status");
}
