namespace Dynamo.Core.Membership;

/// <summary>How well founded a node's claim to its name is.</summary>
public enum NameClaim : byte
{
    /// <summary>It has just begun.</summary>
    Begun = 0,

    /// <summary>It has run for some rounds, and no peer answers it: the only node of its cluster, or cut off.</summary>
    Alone = 1,

    /// <summary>Peers gossip with it under the name.</summary>
    Member = 2,
}

/// <summary>The live node that has a name which another one wants too.</summary>
public sealed record NameHolder(NodeAddress Address, long Incarnation, NameClaim Claim)
{
    /// <summary>
    /// Of two live nodes with one name, this one stays: it has the better claim or, if the claims are equal, its entry wins among the members
    /// (<see cref="Member.Later"/>). Both nodes decide the same, so exactly one goes.
    /// </summary>
    public bool Outranks(Member other, NameClaim claim)
    {
        if (Claim != claim) return Claim > claim;
        var byIncarnation = Incarnation.CompareTo(other.Incarnation);
        return (byIncarnation != 0 ? byIncarnation : string.CompareOrdinal(Address.ToString(), other.Address.ToString())) > 0;
    }
}
