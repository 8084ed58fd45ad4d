using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Dynamo.Core.Ring;
using Dynamo.Core.Wire;

namespace Dynamo.Core.Membership;

/// <summary>One line of a digest: what a node knows of a member, in 8 bytes.</summary>
public readonly record struct MemberMark(NodeId Id, ulong Mark);

/// <summary>
/// Push-pull of what differs. A round opens with one hash of the whole state; only when the hashes differ does the peer send marks (a few
/// bytes a member), and then each side sends the members whose marks are not the other's.
/// </summary>
public static class GossipDigest
{
    public static ulong HashOf(ClusterState state)
    {
        var writer = new ByteWriter(1024);
        StateCodec.Write(writer, state);
        return Hash(writer);
    }

    public static ImmutableArray<MemberMark> MarksOf(ClusterState state) =>
        [.. state.Members.Values.Select(m => new MemberMark(m.Id, MarkOf(m)))];

    /// <summary>What to send to a peer with these marks: the members it has otherwise or not at all, the ring and the buckets.</summary>
    public static ClusterState Difference(ClusterState mine, ImmutableArray<MemberMark> theirs)
    {
        var marks = theirs.ToDictionary(m => m.Id, m => m.Mark);
        var differing = mine.Members.Where(m => marks.GetValueOrDefault(m.Key) != MarkOf(m.Value));
        return mine with { Members = differing.ToImmutableSortedDictionary() };
    }

    private static ulong MarkOf(Member member)
    {
        var writer = new ByteWriter(64);
        StateCodec.Write(writer, member);
        return Hash(writer);
    }

    private static ulong Hash(ByteWriter writer)
    {
        Span<byte> hash = stackalloc byte[MD5.HashSizeInBytes];
        MD5.HashData(writer.Written, hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }
}
