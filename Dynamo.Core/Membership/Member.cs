using Dynamo.Core.Ring;

namespace Dynamo.Core.Membership;

/// <summary>
/// A member's status, decided by an operator's plan (<see cref="RingVersion.Standings"/>); only <see cref="Left"/> is the member's own report. Later values
/// win over earlier ones.
/// </summary>
public enum MemberStatus : byte
{
    /// <summary>Known, owns nothing yet.</summary>
    Joining = 0,

    Up = 1,

    /// <summary>Hands its partitions over.</summary>
    Leaving = 2,

    /// <summary>Removed by an operator; does not come back under this name.</summary>
    Removed = 3,

    /// <summary>Gone after handing everything over.</summary>
    Left = 4,
}

/// <summary>The TCP address of a node's actor system.</summary>
public readonly record struct NodeAddress(string Host, int Port)
{
    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    /// <exception cref="FormatException">Not host:port with a port from 1 to 65535.</exception>
    public static NodeAddress Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), out var port) || port is < 1 or > 65535)
            throw new FormatException($"'{text}' is not an address: use host:port with a port from 1 to 65535");
        return new NodeAddress(text[..colon].Trim('[', ']'), port);
    }
}

/// <summary>The cluster's entry for one node.</summary>
/// <param name="Incarnation">Raised by the node itself: at each start, and to refute what others believe of it.</param>
/// <param name="Weight">Its share of the ring in proportion to the others'; 1 to 1000.</param>
public sealed record Member(NodeId Id, NodeAddress Address, long Incarnation, MemberStatus Status, string Zone, int Weight)
{
    public bool OwnsOrWill => Status is MemberStatus.Joining or MemberStatus.Up;

    public bool IsGone => Status is MemberStatus.Left or MemberStatus.Removed;

    /// <summary>This node with an incarnation above the one that others know. It keeps the status they know and overrides the rest.</summary>
    public Member After(Member said) => this with { Incarnation = Math.Max(Incarnation, said.Incarnation) + 1, Status = said.Status };

    /// <summary>
    /// Merges two entries: the later incarnation, with the later status of both. The order is total, so merging is commutative, associative and idempotent.
    /// </summary>
    public static Member Later(Member a, Member b)
    {
        var later = Compare(a, b) >= 0 ? a : b;
        var status = a.Status > b.Status ? a.Status : b.Status;
        return later.Status == status ? later : later with { Status = status };
    }

    private static int Compare(Member a, Member b)
    {
        var byIncarnation = a.Incarnation.CompareTo(b.Incarnation);
        if (byIncarnation != 0) return byIncarnation;
        var byAddress = string.CompareOrdinal(a.Address.ToString(), b.Address.ToString());
        if (byAddress != 0) return byAddress;
        var byZone = string.CompareOrdinal(a.Zone, b.Zone);
        return byZone != 0 ? byZone : a.Weight.CompareTo(b.Weight);
    }
}
