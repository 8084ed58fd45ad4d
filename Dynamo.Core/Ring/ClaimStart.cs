namespace Dynamo.Core.Ring;

/// <summary>Deals out a first table evenly, and mixes the nodes that share a partition: when a node fails, all others share its load.</summary>
internal static class ClaimStart
{
    /// <summary>Deals places to the nodes most behind their quota, no two of a zone to one partition.</summary>
    public static void Deal(int partitions, int replicas, int[] quotas, int[] zones, Action<int, int> take)
    {
        var held = new int[quotas.Length];
        var chosen = new List<int>(replicas);
        for (var p = 0; p < partitions; p++)
        {
            chosen.Clear();
            while (chosen.Count < replicas && MostBehind(p, partitions, quotas, held, n => !chosen.Exists(c => zones[c] == zones[n])) is { } node)
            {
                chosen.Add(node);
                held[node]++;
                take(node, p);
            }
        }
    }

    /// <summary>A fixed, well mixed number for a node and a partition.</summary>
    public static uint Mix(int node, int partition)
    {
        var x = ((uint)node * 0x9E3779B9u) ^ ((uint)partition * 0x85EBCA6Bu);
        x = (x ^ (x >> 16)) * 0x7FEB352Du;
        x = (x ^ (x >> 15)) * 0x846CA68Bu;
        return x ^ (x >> 16);
    }

    /// <summary>A walk over all partitions, different for each node: its start, and a step that shares no factor with the number of partitions.</summary>
    public static (int First, int Step) Order(int node, int partitions)
    {
        var step = 1 + (int)(Mix(node, 1) % (uint)partitions);
        while (System.Numerics.BigInteger.GreatestCommonDivisor(step, partitions) != 1) step++;
        return ((int)(Mix(node, 0) % (uint)partitions), step);
    }

    private static int? MostBehind(int partition, int partitions, int[] quotas, int[] held, Func<int, bool> mayTake)
    {
        int? best = null;
        var (bestLag, bestMix) = (0L, 0u);
        for (var n = 0; n < quotas.Length; n++)
        {
            if (held[n] >= quotas[n]) continue;
            var lag = ((long)quotas[n] * (partition + 1)) - ((long)held[n] * partitions);
            var mix = Mix(n, partition);
            if ((best is not null && (lag < bestLag || (lag == bestLag && mix <= bestMix))) || !mayTake(n)) continue;
            (best, bestLag, bestMix) = (n, lag, mix);
        }
        return best;
    }
}
