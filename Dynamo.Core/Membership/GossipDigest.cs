using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Dynamo.Core.Ring;
using Dynamo.Core.Wire;

namespace Dynamo.Core.Membership;

/// <summary>One entry of a digest: a node's knowledge of a member, hashed to 8 bytes.</summary>
public readonly record struct MemberMark(NodeId Id, ulong Mark);

/// <summary>A digest of a state: a mark for each part besides the members, and one for each member whose name is in a window.</summary>
/// <param name="After">The window begins after this name; null: with the first.</param>
/// <param name="UpTo">The window ends with this name; null: with the last. Marks of all members rarely fill a message, so it is mostly open.</param>
public sealed record StateMarks(ImmutableArray<ulong> Parts, ImmutableArray<MemberMark> Members, NodeId? After, NodeId? UpTo)
{
    public bool Covers(NodeId node) => (After is null || node.CompareTo(After.Value) > 0) && (UpTo is null || node.CompareTo(UpTo.Value) <= 0);
}

/// <summary>
/// Push-pull gossip of differences. A round opens with one hash of the whole state; only when the hashes differ does the peer send marks (a
/// few bytes per member), and then each side sends what the other's marks lack. Marks and differences are limited in bytes: later rounds send
/// the rest.
/// </summary>
public static class GossipDigest
{
    // The parts of a state besides its members; each is sent whole when it differs.
    private static readonly Func<ClusterState, ClusterState, ClusterState>[] Parts =
    [
        (into, from) => into with { Ring = from.Ring },
        (into, from) => into with { Buckets = from.Buckets },
        (into, from) => into with { Changes = from.Changes },
    ];

    public static ulong HashOf(ClusterState state)
    {
        var writer = new ByteWriter(1024);
        StateCodec.Write(writer, state);
        return Hash(writer.Written);
    }

    /// <param name="maxBytes">The limit for the members' marks; at least one mark is returned.</param>
    public static StateMarks MarksOf(ClusterState state, int maxBytes = int.MaxValue, NodeId? after = null, NodeId? upTo = null)
    {
        var (writer, room) = (new ByteWriter(256), new ByteBudget(maxBytes));
        var window = new StateMarks([.. Parts.Select(part => MarkOf(writer, part(ClusterState.Empty, state)))], [], after, upTo);
        var marks = ImmutableArray.CreateBuilder<MemberMark>();
        foreach (var (id, member) in state.Members)
        {
            if (!window.Covers(id)) continue;
            if (!room.TryTake(id.Name.Length + 10)) return window with { Members = marks.ToImmutable(), UpTo = marks[^1].Id };
            marks.Add(new MemberMark(id, MarkOf(writer, member)));
        }
        return window with { Members = marks.ToImmutable() };
    }

    /// <summary>The difference to send to a peer with these marks: parts that differ there, and members that differ or are missing there.</summary>
    /// <param name="maxBytes">The limit for the difference in its binary form; a larger part or member goes alone.</param>
    public static ClusterState Difference(ClusterState mine, StateMarks theirs, int maxBytes = int.MaxValue)
    {
        var (writer, room) = (new ByteWriter(1024), new ByteBudget(maxBytes));
        var difference = ClusterState.Empty;
        for (var i = 0; i < Parts.Length; i++)
        {
            var mark = MarkOf(writer, Parts[i](ClusterState.Empty, mine));
            if (mark != theirs.Parts.ElementAtOrDefault(i) && room.TryTake(writer.Length)) difference = Parts[i](difference, mine);
        }
        var marks = new Dictionary<NodeId, ulong>();
        foreach (var mark in theirs.Members) marks[mark.Id] = mark.Mark;
        var members = ImmutableSortedDictionary.CreateBuilder<NodeId, Member>();
        foreach (var (id, member) in mine.Members)
        {
            if (!theirs.Covers(id)) continue;
            var mark = MarkOf(writer, member);
            if (marks.TryGetValue(id, out var known) && known == mark) continue;
            if (!room.TryTake(writer.Length)) break;
            members[id] = member;
        }
        return difference with { Members = members.ToImmutable() };
    }

    private static ulong MarkOf(ByteWriter writer, ClusterState part)
    {
        writer.Clear();
        StateCodec.Write(writer, part);
        return Mark(writer.Written);
    }

    private static ulong MarkOf(ByteWriter writer, Member member)
    {
        writer.Clear();
        StateCodec.Write(writer, member);
        return Mark(writer.Written);
    }

    // FNV-1a with a final mix: a message has hundreds of short inputs, for which a cryptographic hash would take most of the time.
    private static ulong Mark(ReadOnlySpan<byte> bytes)
    {
        var mark = 14695981039346656037UL;
        foreach (var b in bytes) mark = (mark ^ b) * 1099511628211UL;
        mark ^= mark >> 32;
        mark *= 0x9E3779B97F4A7C15UL;
        return mark ^ (mark >> 29);
    }

    private static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[MD5.HashSizeInBytes];
        MD5.HashData(bytes, hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }
}
