using System.Collections.Immutable;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Tests.Ring;

/// <summary>The rules of the claim, implemented a second time: slow and simple.</summary>
internal static class ClaimOracle
{
    private const long SharedZone = 1_000_000;

    /// <summary>Shares by bisection: places go out in proportion to weight until all are given, within the floor and cap of each node and zone.</summary>
    public static Dictionary<NodeId, double> Shares(int partitions, IReadOnlyCollection<Claimant> claimants, int replicas)
    {
        replicas = Math.Min(replicas, claimants.Count);
        var zones = claimants.GroupBy(ZoneOf).ToArray();
        var isEnough = zones.Length >= replicas;
        double ZoneTotal(IGrouping<string, Claimant> zone, double level)
        {
            var total = zone.Sum(c => Math.Min(partitions, level * c.Weight));
            return isEnough ? Math.Min(partitions, total) : Math.Max(partitions, total);
        }

        var level = Level(partitions * replicas, l => zones.Sum(z => ZoneTotal(z, l)));
        return zones.SelectMany(zone =>
        {
            var zoneLevel = Level(ZoneTotal(zone, level), l => zone.Sum(c => Math.Min(partitions, l * c.Weight)));
            return zone.Select(c => (c.Id, Share: Math.Min(partitions, zoneLevel * c.Weight)));
        }).ToDictionary(c => c.Id, c => c.Share);
    }

    /// <summary>The fewest places that must change hands if only the counts matter: all places less those that may stay.</summary>
    public static int LeastMoves(ImmutableArray<ImmutableArray<NodeId>> current, IReadOnlyDictionary<NodeId, (int Min, int Max)> quotas, int places)
    {
        var held = current.SelectMany(o => o).CountBy(o => o).ToDictionary();
        var kept = quotas.Sum(q => Math.Min(q.Value.Min, held.GetValueOrDefault(q.Key)));
        var more = quotas.Count(q => q.Value.Max > q.Value.Min && held.GetValueOrDefault(q.Key) > q.Value.Min);
        return places - kept - Math.Min(more, places - quotas.Values.Sum(q => q.Min));
    }

    /// <summary>
    /// Whether another table within the quotas spans more zones, or as many with fewer moves: a better one would differ by a cycle of
    /// exchanges with a negative cost (Bellman and Ford).
    /// </summary>
    public static bool CanBeBettered(
        ImmutableArray<ImmutableArray<NodeId>> before, ImmutableArray<ImmutableArray<NodeId>> after, Claimant[] claimants, IReadOnlyDictionary<NodeId, (int Min, int Max)> quotas)
    {
        // Vertices: the pool of all places, the nodes, the partitions, then a gate for each zone and partition.
        var zones = claimants.Select(ZoneOf).Distinct().ToList();
        var edges = new List<(int From, int To, long Cost)>();
        const int Pool = 0;
        int Partition(int p) => 1 + claimants.Length + p;
        int Gate(int p, string zone) => Partition(after.Length * (1 + zones.IndexOf(zone))) + p;
        foreach (var (i, claimant) in claimants.Index())
        {
            var node = 1 + i;
            var held = after.Count(o => o.Contains(claimant.Id));
            if (held < quotas[claimant.Id].Max) edges.Add((Pool, node, 0));
            if (held > quotas[claimant.Id].Min) edges.Add((node, Pool, 0));
            for (var p = 0; p < after.Length; p++)
            {
                var gate = Gate(p, ZoneOf(claimant));
                var cost = before[p].Contains(claimant.Id) ? 0 : 1;
                if (after[p].Contains(claimant.Id)) edges.Add((gate, node, -cost));
                else edges.Add((node, gate, cost));
            }
        }
        for (var p = 0; p < after.Length; p++)
        {
            foreach (var zone in zones)
            {
                var there = claimants.Count(c => ZoneOf(c) == zone && after[p].Contains(c.Id));
                edges.Add((Gate(p, zone), Partition(p), there == 0 ? 0 : SharedZone));
                if (there > 0) edges.Add((Partition(p), Gate(p, zone), there == 1 ? 0 : -SharedZone));
            }
        }
        var distance = new long[Gate(after.Length, zones[^1])];
        for (var round = 0; round <= distance.Length; round++)
        {
            var isChanged = false;
            foreach (var (from, to, cost) in edges)
            {
                if (distance[from] + cost >= distance[to]) continue;
                distance[to] = distance[from] + cost;
                isChanged = true;
            }
            if (!isChanged) return false;
        }
        return true;
    }

    public static string ZoneOf(Claimant claimant) => claimant.Zone.Length > 0 ? claimant.Zone : $"alone:{claimant.Id}";

    private static double Level(double wanted, Func<double, double> totalAt)
    {
        var (low, high) = (0.0, 1e7);
        for (var i = 0; i < 100; i++)
        {
            var middle = (low + high) / 2;
            if (totalAt(middle) < wanted) low = middle;
            else high = middle;
        }
        return high;
    }
}
