using System.Collections.Immutable;

namespace Dynamo.Core.Ring;

/// <summary>A node that takes a part of the ring.</summary>
/// <param name="Weight">Its share in proportion to the others', <see cref="Claim.MinWeight"/> to <see cref="Claim.MaxWeight"/>.</param>
/// <param name="Zone">Shared by nodes that fail together; empty: a zone of its own.</param>
public sealed record Claimant(NodeId Id, int Weight, string Zone);

/// <summary>A partition with fewer nodes or zones than the replicas asked for.</summary>
/// <param name="Nodes">Distinct claimants that own it.</param>
/// <param name="Zones">Distinct zones of these nodes.</param>
public readonly record struct PartitionRisk(int Partition, int Nodes, int Zones);

/// <summary>A node that newly owns a partition: the partition's data moves to it.</summary>
public readonly record struct PlaceMove(int Partition, NodeId To);

/// <summary>
/// Assigns partitions to nodes by the paper's strategy 3 (section 6.2): equal partitions, of which every node holds its share, with all
/// replicas of a partition on distinct nodes and, where there are enough, in distinct zones (section 4.6). Of all tables that keep to
/// the quotas it takes one that spans the most zones and, among these, moves the fewest places. It is a pure function of its
/// arguments, so two nodes that plan the same change plan the same table.
/// </summary>
public static class Claim
{
    public const int MinWeight = 1;
    public const int MaxWeight = 1000;

    /// <summary>The next table.</summary>
    /// <param name="current">The present owners of each partition, in order; empty lists for a new cluster. Owners that are no claimants lose theirs.</param>
    /// <param name="replicas">Owners of each partition, 1 or more; all claimants if there are fewer.</param>
    /// <param name="replacements">Old → new: the new node starts in the old one's places. Ignored if the old one stays or the new one is no claimant.</param>
    /// <exception cref="ArgumentException">A claimant appears twice or has an invalid weight, or <paramref name="replicas"/> is below 1.</exception>
    public static ImmutableArray<ImmutableArray<NodeId>> Assign(
        ImmutableArray<ImmutableArray<NodeId>> current, IReadOnlyCollection<Claimant> claimants, int replicas, IReadOnlyDictionary<NodeId, NodeId>? replacements = null)
    {
        var nodes = Checked(claimants, replicas);
        if (nodes.Length == 0) return [.. current.Select(_ => ImmutableArray<NodeId>.Empty)];
        var index = nodes.Select((n, i) => (n.Id, i)).ToDictionary(n => n.Id, n => n.i);
        var now = current.Select(owners => Places(owners, index, replacements)).ToArray();
        var flow = new ClaimFlow(nodes, ClaimShares.Of(current.Length, nodes, replicas), ClaimShares.ZonesOf(nodes), now, Math.Min(replicas, nodes.Length));
        var next = ClaimOrder.Of(now, flow.Solve(), nodes.Length);
        return [.. next.Select(owners => owners.Select(n => nodes[n].Id).ToImmutableArray())];
    }

    /// <summary>
    /// The number of places that each claimant should hold, in proportion to its weight, but no more than there are partitions.
    /// Zones outrank balance: with at least as many zones as replicas, a zone holds no partition twice; with fewer, it holds each at
    /// least once.
    /// </summary>
    /// <inheritdoc cref="Assign" path="/exception"/>
    public static IReadOnlyDictionary<NodeId, (int Min, int Max)> Quotas(int partitions, IReadOnlyCollection<Claimant> claimants, int replicas)
    {
        var nodes = Checked(claimants, replicas);
        return nodes.Zip(ClaimShares.Of(partitions, nodes, replicas)).ToDictionary(n => n.First.Id, n => n.Second);
    }

    /// <summary>
    /// The partitions with fewer than <paramref name="replicas"/> claimants as owners, or whose owners share zones and so fail together.
    /// With only one zone in all, zones are ignored.
    /// </summary>
    /// <inheritdoc cref="Assign" path="/exception"/>
    public static ImmutableArray<PartitionRisk> Risks(ImmutableArray<ImmutableArray<NodeId>> table, IReadOnlyCollection<Claimant> claimants, int replicas)
    {
        var nodes = Checked(claimants, replicas);
        var zones = ClaimShares.ZonesOf(nodes);
        var zoneOf = nodes.Zip(zones).ToDictionary(n => n.First.Id, n => n.Second);
        var zonesNeeded = zones.Distinct().Count() > 1 ? replicas : 1;
        var risks = ImmutableArray.CreateBuilder<PartitionRisk>();
        for (var p = 0; p < table.Length; p++)
        {
            var owners = table[p].Where(zoneOf.ContainsKey).Distinct().ToArray();
            var spanned = owners.Select(o => zoneOf[o]).Distinct().Count();
            if (owners.Length < replicas || spanned < zonesNeeded) risks.Add(new PartitionRisk(p, owners.Length, spanned));
        }
        return risks.ToImmutable();
    }

    /// <summary>The moves that turn one table into the other, by partition, then in the order of its owners.</summary>
    public static ImmutableArray<PlaceMove> Moves(ImmutableArray<ImmutableArray<NodeId>> from, ImmutableArray<ImmutableArray<NodeId>> to) =>
        [.. to.SelectMany((owners, p) => owners.Except(p < from.Length ? from[p] : []).Select(o => new PlaceMove(p, o)))];

    // A partition's places as indices of claimants; -1 where the owner leaves, so that a new one can take exactly its place.
    private static int[] Places(ImmutableArray<NodeId> owners, Dictionary<NodeId, int> index, IReadOnlyDictionary<NodeId, NodeId>? replacements)
    {
        var places = owners.Select(o => index.GetValueOrDefault(o, -1)).ToArray();
        for (var i = 0; i < places.Length; i++)
        {
            if (places[i] < 0 && replacements is not null && replacements.TryGetValue(owners[i], out var successor)
                && index.TryGetValue(successor, out var node) && !places.Contains(node))
                places[i] = node;
            else if (places[i] >= 0 && places.AsSpan(0, i).Contains(places[i])) places[i] = -1;
        }
        return places;
    }

    private static Claimant[] Checked(IReadOnlyCollection<Claimant> claimants, int replicas)
    {
        if (replicas < 1) throw new ArgumentException($"a partition has 1 replica or more, not {replicas}", nameof(replicas));
        foreach (var claimant in claimants)
            if (claimant.Weight is < MinWeight or > MaxWeight)
                throw new ArgumentException($"a weight is {MinWeight} to {MaxWeight}, not {claimant.Weight} ({claimant.Id})", nameof(claimants));
        if (claimants.GroupBy(c => c.Id).FirstOrDefault(g => g.Skip(1).Any()) is { } twice)
            throw new ArgumentException($"{twice.Key} claims twice", nameof(claimants));
        return [.. claimants.OrderBy(c => c.Id)];
    }
}
