namespace Dynamo.Core.Ring;

/// <summary>The claim's quotas, in integer arithmetic: the floor and ceiling of a share must be the same on every machine.</summary>
internal static class ClaimShares
{
    /// <summary>The zone of each claimant as a number from 0; a claimant that names none has one of its own.</summary>
    public static int[] ZonesOf(Claimant[] nodes)
    {
        var named = new Dictionary<string, int>();
        var zones = new int[nodes.Length];
        var next = 0;
        for (var n = 0; n < nodes.Length; n++)
        {
            if (nodes[n].Zone.Length == 0) zones[n] = next++;
            else if (named.TryGetValue(nodes[n].Zone, out var zone)) zones[n] = zone;
            else zones[n] = named[nodes[n].Zone] = next++;
        }
        return zones;
    }

    /// <summary>Floor and ceiling of each claimant's share of all places.</summary>
    public static (int Min, int Max)[] Of(int partitions, Claimant[] nodes, int replicas)
    {
        if (nodes.Length == 0) return [];
        replicas = Math.Min(replicas, nodes.Length);
        var zones = ZonesOf(nodes);
        var zoneCount = zones.Max() + 1;
        return replicas <= zoneCount
            ? WithZonesCapped(partitions, nodes, replicas, zones, zoneCount)
            : WithZonesFilled(partitions, nodes, replicas, zones, zoneCount);
    }

    // Enough zones: none holds a partition twice, so a zone's share is capped at one place per partition, and the excess goes to the others.
    private static (int, int)[] WithZonesCapped(int partitions, Claimant[] nodes, int replicas, int[] zones, int zoneCount)
    {
        var zoneWeights = WeightsByZone(nodes, zones, zoneCount, _ => true);
        var isFull = Capped(zoneWeights, partitions, (long)partitions * replicas, out var rest, out var openWeight);
        return [.. nodes.Select((node, n) => isFull[zones[n]]
            ? Share(partitions, node.Weight, zoneWeights[zones[n]])
            : Share(rest, node.Weight, openWeight))];
    }

    // Fewer zones than replicas: each holds every partition at least once. A zone too light for that is lifted, at the others' cost.
    private static (int, int)[] WithZonesFilled(int partitions, Claimant[] nodes, int replicas, int[] zones, int zoneCount)
    {
        var isLifted = new bool[zoneCount];
        var zoneWeights = WeightsByZone(nodes, zones, zoneCount, _ => true);
        while (true)
        {
            var weights = nodes.Select((node, n) => isLifted[zones[n]] ? 0L : node.Weight).ToArray();
            var isFull = Capped(weights, partitions, (long)partitions * (replicas - isLifted.Count(l => l)), out var rest, out var openWeight);
            var openWeights = WeightsByZone(nodes, zones, zoneCount, n => !isFull[n]);
            var light = Enumerable.Range(0, zoneCount).Where(z => !isLifted[z]
                && !Enumerable.Range(0, nodes.Length).Any(n => zones[n] == z && isFull[n]) && rest * openWeights[z] < partitions * openWeight).ToArray();
            if (light.Length == 0)
            {
                return [.. nodes.Select((node, n) => isLifted[zones[n]] ? Share(partitions, node.Weight, zoneWeights[zones[n]])
                    : isFull[n] ? (partitions, partitions)
                    : Share(rest, node.Weight, openWeight))];
            }
            foreach (var zone in light) isLifted[zone] = true;
        }
    }

    // The claims that reach the cap when places are dealt in proportion; the places left for the others, and their weight. No weight: no claim.
    private static bool[] Capped(long[] weights, int cap, long places, out long rest, out long openWeight)
    {
        var isFull = new bool[weights.Length];
        rest = places;
        openWeight = weights.Sum();
        while (true)
        {
            var (left, weight) = (rest, openWeight);
            var reach = Enumerable.Range(0, weights.Length).Where(i => !isFull[i] && weights[i] > 0 && left * weights[i] > cap * weight).ToArray();
            if (reach.Length == 0) return isFull;
            foreach (var i in reach)
            {
                isFull[i] = true;
                rest -= cap;
                openWeight -= weights[i];
            }
        }
    }

    private static long[] WeightsByZone(Claimant[] nodes, int[] zones, int zoneCount, Func<int, bool> counts)
    {
        var weights = new long[zoneCount];
        for (var n = 0; n < nodes.Length; n++)
            if (counts(n)) weights[zones[n]] += nodes[n].Weight;
        return weights;
    }

    private static (int Min, int Max) Share(long places, long weight, long ofWeight) =>
        ((int)(places * weight / ofWeight), (int)((places * weight + ofWeight - 1) / ofWeight));
}
