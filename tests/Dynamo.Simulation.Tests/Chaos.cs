using Dynamo.Core.Ring;
using Dynamo.Simulation.Tests.World;

namespace Dynamo.Simulation.Tests;

/// <summary>
/// Faults at random times: late and stalled frames, broken connections; cuts; pauses; crashes with and without loss of the unsynced tail; orderly stops;
/// a lost disk, or an old copy in its place; slow and full disks; skewed clocks.
/// </summary>
public sealed class Chaos
{
    private static readonly LinkFaults Bad = new(TimeSpan.FromMicroseconds(50), TimeSpan.FromMilliseconds(40), Stalls: 0.02, Breaks: 0.002);
    private readonly SimCluster _cluster;
    private readonly Random _random;
    private readonly Scenario _scenario;
    private bool _isOver;
    private bool _isCalm;
    private bool _hadLoss;
    private NodeId? _lost;

    public Chaos(SimCluster cluster, Random random, Scenario scenario)
    {
        _cluster = cluster;
        _random = random;
        _scenario = scenario;
        _hadLoss = scenario.IsStrict;
    }

    /// <summary>True if an acknowledged write may now lose a copy for good: it is promised to survive one such loss, and no more.</summary>
    public bool TryLose(NodeId node)
    {
        if (_hadLoss) return _lost == node;
        _lost = node;
        return _hadLoss = true;
    }

    public void Begin()
    {
        foreach (var node in _cluster.Nodes) node.Process.ClockSkew = TimeSpan.FromMilliseconds(_random.Next(-5000, 5000));
        _cluster.World.Network.Faults = _random.Next(3) > 0 ? Bad : LinkFaults.None;
        if (_scenario.Reaps) Alternate();
        Next();
    }

    /// <summary>Ends all faults: every process runs again and the network is whole.</summary>
    public void Heal()
    {
        _isOver = true;
        _cluster.World.Network.Faults = LinkFaults.None;
        Mend();
        _cluster.World.Note("healed");
    }

    private void Mend()
    {
        _cluster.World.Network.Heal();
        foreach (var node in _cluster.Members.ToArray())
        {
            (node.Disk.IsFull, node.Disk.Slowness) = (false, TimeSpan.Zero);
            node.Process.Resume();
            Revive(node);
        }
    }

    // Some seconds of chaos, then calm long enough for work that needs every node.
    private void Alternate() => _cluster.World.At(TimeSpan.FromMilliseconds(_random.Next(3000, 8000)), () =>
    {
        if (_isOver) return;
        _isCalm = !_isCalm;
        if (_isCalm) Mend();
        _cluster.World.Note(_isCalm ? "calm" : "chaos");
        Alternate();
    });

    private void Next() => _cluster.World.At(TimeSpan.FromMilliseconds(_random.Next(100, 3000)), () =>
    {
        if (_isOver) return;
        if (!_isCalm) Strike();
        Next();
    });

    private void Strike()
    {
        var nodes = _cluster.Members.ToArray();
        var (node, other) = (nodes[_random.Next(nodes.Length)], nodes[_random.Next(nodes.Length)]);
        var lasting = TimeSpan.FromMilliseconds(_random.Next(200, 8000));
        var mayGo = node.Process.IsAlive && nodes.Count(n => !n.Process.IsAlive) < 2;
        switch (_random.Next(_scenario.IsCrowded ? 5 : 9))
        {
            case 0:
            case 1:
                if (mayGo) Crash(node, lasting);
                break;
            case 2:
                _cluster.World.Network.Cut(node.Id.Name, other.Id.Name);
                break;
            case 3:
                foreach (var n in nodes.Where(n => n != node)) _cluster.World.Network.Cut(node.Id.Name, n.Id.Name);
                break;
            case 4:
                _cluster.World.Network.Heal();
                break;
            case 5:
                if (mayGo) _cluster.Stop(node, () => ReviveAfter(node, _isOver || _isCalm ? TimeSpan.Zero : lasting));
                break;
            case 6:
                node.Disk.Slowness = TimeSpan.FromMilliseconds(_random.Next(20, 800));
                _cluster.World.At(lasting, () => node.Disk.Slowness = TimeSpan.Zero);
                break;
            case 7:
                node.Disk.IsFull = true;
                _cluster.World.At(lasting, () => node.Disk.IsFull = false);
                break;
            default:
                node.Process.Pause();
                _cluster.World.At(lasting, node.Process.Resume);
                break;
        }
    }

    // One loss per run: a disk, its unsynced tail, or what an old copy lacks. With W = 2 an acknowledged write is promised to survive one loss,
    // and no more.
    private void Crash(SimNode node, TimeSpan lasting)
    {
        var isLoss = (_scenario.IsCrowded || _random.Next(3) == 0) && !_hadLoss && TryLose(node.Id);
        _cluster.Kill(node, losesTail: isLoss);
        if (isLoss && !_scenario.IsCrowded) Lose(node);
        ReviveAfter(node, lasting);
    }

    private void Lose(SimNode node)
    {
        switch (_random.Next(3))
        {
            case 0:
                node.Disk.Wipe();
                _cluster.World.Note($"wipe {node.Id}");
                break;
            case 1:
                node.Disk.Restore(_cluster.World.Now);
                _cluster.World.Note($"restore {node.Id}");
                break;
            default:
                break;
        }
    }

    private void ReviveAfter(SimNode node, TimeSpan lasting) => _cluster.World.At(lasting, () => Revive(node));

    private void Revive(SimNode node)
    {
        if (!node.Process.IsAlive && !node.IsGone) _cluster.Start(node);
    }
}
