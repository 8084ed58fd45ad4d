namespace Dynamo.Core.Ring;

/// <summary>
/// The claim as a minimum-cost flow: places flow from nodes (as many as their quota) to partitions (as many as replicas),
/// through one gate per zone and partition, where the first place is free and each further one costs more than any number of moves.
/// A place that a node has already costs nothing and a new one costs one, so the cheapest flow spans the most zones, then moves the
/// fewest places. The search starts from the places that stay and adds the others one by one along a cheapest path, on which a node
/// may take over another's place and that one a third's: no earlier choice is final.
/// </summary>
internal sealed class ClaimFlow
{
    // More than the moves of any table, so that they never outweigh a zone.
    private const long SharedZone = 1L << 32;
    private const long Unreached = long.MaxValue;

    private readonly int _partitions;
    private readonly int _replicas;
    private readonly (int Min, int Max)[] _quotas;
    private readonly int[] _zones;
    private readonly bool[] _was;
    private readonly bool[] _has;
    private readonly int[] _held;
    private readonly List<int>[] _owners;

    // Vertices: the nodes, then a gate for each zone and partition, then the partitions.
    private readonly int _firstGate;
    private readonly int _firstPartition;
    private readonly long[] _distance;
    private readonly bool[] _isWaiting;
    private readonly bool[] _isDead;
    private readonly int[] _tried;
    private readonly int[] _limit;
    private long _goal;

    /// <param name="now">The owners of each partition; below zero: none.</param>
    public ClaimFlow(Claimant[] nodes, (int Min, int Max)[] quotas, int[] zones, int[][] now, int replicas)
    {
        (_quotas, _zones, _replicas, _partitions) = (quotas, zones, replicas, now.Length);
        _was = new bool[nodes.Length * _partitions];
        _has = new bool[nodes.Length * _partitions];
        _held = new int[nodes.Length];
        _owners = [.. now.Select(_ => new List<int>(replicas))];
        _firstGate = nodes.Length;
        _firstPartition = _firstGate + ((zones.Max() + 1) * _partitions);
        _distance = new long[_firstPartition + _partitions];
        _isWaiting = new bool[_distance.Length];
        _isDead = new bool[_distance.Length];
        _tried = new int[nodes.Length];
        _limit = [.. quotas.Select(q => q.Min)];
        foreach (var (p, owners) in now.Index())
            foreach (var node in owners.Where(o => o >= 0)) _was[At(node, p)] = true;
        if (_was.Contains(true)) KeepWhatStays(now);
        else ClaimStart.Deal(_partitions, replicas, _limit, zones, Take);
    }

    /// <summary>The owners of each partition, in no particular order.</summary>
    public List<int>[] Solve()
    {
        // All nodes get their minimum before any gets more, so that none falls short for another's sake.
        while (Improve()) { }
        for (var n = 0; n < _limit.Length; n++) _limit[n] = _quotas[n].Max;
        while (Improve()) { }
        return _owners;
    }

    private int At(int node, int partition) => (node * _partitions) + partition;

    private int Gate(int zone, int partition) => _firstGate + (zone * _partitions) + partition;

    private int MoveCost(int node, int partition) => _was[At(node, partition)] ? 0 : 1;

    private void Take(int node, int partition)
    {
        _has[At(node, partition)] = true;
        _held[node]++;
        _owners[partition].Add(node);
    }

    private void GiveUp(int node, int partition)
    {
        _has[At(node, partition)] = false;
        _held[node]--;
        _owners[partition].Remove(node);
    }

    // Places kept here cost nothing, so the start is a cheapest flow for its size, as the search along paths requires.
    private void KeepWhatStays(int[][] now)
    {
        for (var p = 0; p < _partitions; p++)
        {
            foreach (var node in now[p])
                if (node >= 0 && _owners[p].Count < _replicas && InZone(p, _zones[node]) == 0) Take(node, p);
        }
        for (var n = 0; n < _held.Length; n++)
        {
            if (_held[n] <= _limit[n]) continue;
            var node = n;
            var places = Enumerable.Range(0, _partitions).Where(p => _has[At(node, p)])
                .OrderByDescending(p => _owners[p].Count).ThenBy(p => ClaimStart.Mix(node, p)).Take(_held[n] - _limit[n]).ToArray();
            foreach (var p in places) GiveUp(n, p);
        }
    }

    private int InZone(int partition, int zone)
    {
        var count = 0;
        foreach (var owner in _owners[partition])
            if (_zones[owner] == zone) count++;
        return count;
    }

    // Adds places along all cheapest paths; false when none is left.
    private bool Improve()
    {
        Measure();
        _goal = Unreached;
        for (var p = 0; p < _partitions; p++)
            if (_owners[p].Count < _replicas) _goal = Math.Min(_goal, _distance[_firstPartition + p]);
        if (_goal == Unreached) return false;
        var added = -1;
        while (added != 0)
        {
            added = 0;
            Array.Clear(_isDead);
            Array.Clear(_tried);
            for (var n = 0; n < _held.Length; n++)
                while (_held[n] < _limit[n] && _distance[n] == 0 && !_isDead[n] && Augment(n)) added++;
        }
        return true;
    }

    // The cost of the cheapest path from any node with room to every vertex; costs may be negative, but no cycle's sum is.
    private void Measure()
    {
        Array.Fill(_distance, Unreached);
        var queue = new Queue<int>();
        for (var n = 0; n < _held.Length; n++)
            if (_held[n] < _limit[n]) Reach(n, 0, queue);
        while (queue.TryDequeue(out var vertex))
        {
            _isWaiting[vertex] = false;
            var cost = _distance[vertex];
            if (vertex < _firstGate) MeasureFromNode(vertex, cost, queue);
            else if (vertex < _firstPartition) MeasureFromGate((vertex - _firstGate) / _partitions, (vertex - _firstGate) % _partitions, cost, queue);
            else MeasureFromPartition(vertex - _firstPartition, cost, queue);
        }
    }

    private void MeasureFromNode(int node, long cost, Queue<int> queue)
    {
        var gate = Gate(_zones[node], 0);
        for (var p = 0; p < _partitions; p++)
            if (!_has[At(node, p)]) Reach(gate + p, cost + MoveCost(node, p), queue);
    }

    private void MeasureFromGate(int zone, int partition, long cost, Queue<int> queue)
    {
        var inZone = 0;
        foreach (var owner in _owners[partition])
        {
            if (_zones[owner] != zone) continue;
            inZone++;
            Reach(owner, cost - MoveCost(owner, partition), queue);
        }
        Reach(_firstPartition + partition, cost + (inZone == 0 ? 0 : SharedZone), queue);
    }

    private void MeasureFromPartition(int partition, long cost, Queue<int> queue)
    {
        foreach (var owner in _owners[partition])
            Reach(Gate(_zones[owner], partition), cost - (InZone(partition, _zones[owner]) > 1 ? SharedZone : 0), queue);
    }

    private void Reach(int vertex, long cost, Queue<int> queue)
    {
        if (cost >= _distance[vertex]) return;
        _distance[vertex] = cost;
        if (_isWaiting[vertex]) return;
        _isWaiting[vertex] = true;
        queue.Enqueue(vertex);
    }

    // Adds a place along a cheapest path from here; a vertex that leads nowhere is not tried again in this round.
    private bool Augment(int vertex)
    {
        if (_isDead[vertex]) return false;
        _isDead[vertex] = true;
        var found = vertex < _firstGate ? AugmentFromNode(vertex)
            : vertex < _firstPartition ? AugmentFromGate((vertex - _firstGate) / _partitions, (vertex - _firstGate) % _partitions)
            : AugmentFromPartition(vertex - _firstPartition);
        if (found) _isDead[vertex] = false;
        return found;
    }

    private bool AugmentFromNode(int node)
    {
        // Each node tries the partitions in an order of its own, so that the nodes it shares partitions with are mixed.
        var (first, step) = ClaimStart.Order(node, _partitions);
        for (; _tried[node] < _partitions; _tried[node]++)
        {
            var p = (int)((first + ((long)_tried[node] * step)) % _partitions);
            var gate = Gate(_zones[node], p);
            if (_has[At(node, p)] || _distance[gate] != _distance[node] + MoveCost(node, p) || !Augment(gate)) continue;
            Take(node, p);
            return true;
        }
        return false;
    }

    private bool AugmentFromGate(int zone, int partition)
    {
        var cost = _distance[Gate(zone, partition)];
        var inZone = InZone(partition, zone);
        var whole = _firstPartition + partition;
        if (_distance[whole] == cost + (inZone == 0 ? 0 : SharedZone) && Augment(whole)) return true;
        if (inZone == 0) return false;
        foreach (var owner in _owners[partition].ToArray())
        {
            if (_zones[owner] != zone || _distance[owner] != cost - MoveCost(owner, partition) || !Augment(owner)) continue;
            GiveUp(owner, partition);
            return true;
        }
        return false;
    }

    private bool AugmentFromPartition(int partition)
    {
        var cost = _distance[_firstPartition + partition];
        if (cost == _goal && _owners[partition].Count < _replicas) return true;
        foreach (var owner in _owners[partition].ToArray())
        {
            var gate = Gate(_zones[owner], partition);
            if (_distance[gate] == cost - (InZone(partition, _zones[owner]) > 1 ? SharedZone : 0) && Augment(gate)) return true;
        }
        return false;
    }
}
