namespace Dynamo.Core.Ring;

/// <summary>
/// Orders a partition's owners. A node that stays keeps its place in the list, and a new one takes the place of one that leaves. Then new nodes
/// swap places with the first, where that brings all nodes nearer to leading an equal part (1 / replicas) of their partitions. A node that
/// stays never moves nearer to the front: a bucket with a smaller N has its keys on the first few only, and the node would have to be sent them.
/// </summary>
internal sealed class ClaimOrder
{
    private readonly int[][] _now;
    private readonly int[][] _lists;
    private readonly int[] _held;
    private readonly int[] _firsts;
    private readonly HashSet<int>[] _ledBy;
    private readonly int _replicas;

    private ClaimOrder(int[][] now, List<int>[] next, int nodes)
    {
        _now = now;
        _held = new int[nodes];
        _firsts = new int[nodes];
        _ledBy = [.. Enumerable.Range(0, nodes).Select(_ => new HashSet<int>())];
        _replicas = next.Length == 0 ? 1 : next[0].Count;
        foreach (var node in next.SelectMany(o => o)) _held[node]++;
        _lists = [.. next.Select((owners, p) => Placed(now[p], owners, p))];
    }

    public static int[][] Of(int[][] now, List<int>[] next, int nodes)
    {
        var order = new ClaimOrder(now, next, nodes);
        order.Balance();
        return order._lists;
    }

    private int[] Placed(int[] now, List<int> owners, int partition)
    {
        var list = new int[owners.Count];
        Array.Fill(list, -1);
        for (var i = 0; i < Math.Min(now.Length, list.Length); i++)
            if (owners.Contains(now[i])) list[i] = now[i];
        // Of the nodes that need a place, the one that leads the smallest part of its partitions goes to the front.
        var coming = new Queue<int>(owners.Except(list).OrderBy(n => (double)_firsts[n] / _held[n]).ThenBy(n => n));
        for (var i = 0; i < list.Length; i++)
            if (list[i] < 0) list[i] = coming.Dequeue();
        _firsts[list[0]]++;
        _ledBy[list[0]].Add(partition);
        return list;
    }

    private void Balance()
    {
        for (var n = 0; n < _held.Length; n++)
        {
            var (min, max) = (_held[n] / _replicas, (_held[n] + _replicas - 1) / _replicas);
            while (_firsts[n] > max && Shift(n, isDown: true)) { }
            while (_firsts[n] < min && Shift(n, isDown: false)) { }
        }
    }

    // Takes a first place from a node (or gives it one), by the shortest chain of exchanges to a node that lacks (or can spare) one.
    private bool Shift(int node, bool isDown)
    {
        var from = new Dictionary<int, (int Node, int Partition)>();
        var queue = new Queue<int>([node]);
        while (queue.TryDequeue(out var at))
        {
            foreach (var (next, partition) in isDown ? CouldLead(at) : LeadWhereOwner(at))
            {
                if (next == node || !from.TryAdd(next, (at, partition))) continue;
                if (!(isDown ? _firsts[next] * _replicas < _held[next] : _firsts[next] * _replicas > _held[next]))
                {
                    queue.Enqueue(next);
                    continue;
                }
                for (var end = next; end != node; end = from[end].Node)
                    Exchange(from[end].Partition, isDown ? end : from[end].Node);
                return true;
            }
        }
        return false;
    }

    private bool MayLead(int node, int partition) => !_now[partition].Contains(node) || _now[partition][0] == node;

    // The nodes that could be first instead of the leader, and in which partitions.
    private IEnumerable<(int Node, int Partition)> CouldLead(int leader) =>
        _ledBy[leader].Order().SelectMany(p => _lists[p].Skip(1).Where(o => MayLead(o, p)).Select(o => (o, p)));

    // The nodes that are first where the owner could be, and in which partitions.
    private IEnumerable<(int Node, int Partition)> LeadWhereOwner(int owner) =>
        Enumerable.Range(0, _lists.Length).Where(p => _lists[p][0] != owner && _lists[p].Contains(owner) && MayLead(owner, p)).Select(p => (_lists[p][0], p));

    private void Exchange(int partition, int leader)
    {
        var list = _lists[partition];
        _firsts[list[0]]--;
        _ledBy[list[0]].Remove(partition);
        list[Array.IndexOf(list, leader)] = list[0];
        list[0] = leader;
        _firsts[leader]++;
        _ledBy[leader].Add(partition);
    }
}
