using Dynamo.Simulation.Tests.World;

namespace Dynamo.Simulation.Tests;

/// <summary>Faults at random times: frames lost, late, twice and out of order; cuts; pauses; crashes with and without the unsynced tail; a lost disk; skewed clocks.</summary>
/// <param name="losesTailFirst">The first crash loses what was not synced, in every run.</param>
public sealed class Chaos(SimCluster cluster, Random random, bool losesTailFirst)
{
    private static readonly LinkFaults Bad = new(TimeSpan.FromMicroseconds(50), TimeSpan.FromMilliseconds(40), Loss: 0.02, Duplication: 0.01, Reorder: 0.02);
    private bool _isOver;
    private bool _hadLoss;

    /// <summary>Whether an acknowledged write may have lost a copy for good: it is promised to survive one such loss, and no more.</summary>
    public bool TryLose()
    {
        if (_hadLoss) return false;
        return _hadLoss = true;
    }

    public void Begin()
    {
        foreach (var node in cluster.Nodes) node.Process.ClockSkew = TimeSpan.FromMilliseconds(random.Next(-5000, 5000));
        cluster.World.Network.Faults = random.Next(3) > 0 ? Bad : LinkFaults.None;
        Next();
    }

    /// <summary>All faults end: every process runs again and the network is whole.</summary>
    public void Heal()
    {
        _isOver = true;
        cluster.World.Network.Heal();
        cluster.World.Network.Faults = LinkFaults.None;
        foreach (var node in cluster.Members.ToArray())
        {
            node.Process.Resume();
            if (!node.Process.IsAlive) cluster.Start(node);
        }
        cluster.World.Note("healed");
    }

    private void Next() => cluster.World.At(TimeSpan.FromMilliseconds(random.Next(100, 3000)), () =>
    {
        if (_isOver) return;
        Strike();
        Next();
    });

    private void Strike()
    {
        var nodes = cluster.Members.ToArray();
        var (node, other) = (nodes[random.Next(nodes.Length)], nodes[random.Next(nodes.Length)]);
        var lasting = TimeSpan.FromMilliseconds(random.Next(200, 8000));
        switch (random.Next(6))
        {
            case 0:
            case 1:
                if (node.Process.IsAlive && nodes.Count(n => !n.Process.IsAlive) < 2) Crash(node, lasting);
                break;
            case 2:
                cluster.World.Network.Cut(node.Id.Name, other.Id.Name);
                break;
            case 3:
                foreach (var n in nodes.Where(n => n != node)) cluster.World.Network.Cut(node.Id.Name, n.Id.Name);
                break;
            case 4:
                cluster.World.Network.Heal();
                break;
            default:
                node.Process.Pause();
                cluster.World.At(lasting, node.Process.Resume);
                break;
        }
    }

    private void Crash(SimNode node, TimeSpan lasting)
    {
        // One loss a run, of a disk or of what one had not synced: with W = 2 an acknowledged write is promised to survive that, and no more.
        var isLoss = !_hadLoss && (losesTailFirst || random.Next(3) == 0);
        _hadLoss |= isLoss;
        cluster.Kill(node, losesTail: isLoss);
        if (isLoss && !losesTailFirst && random.Next(2) == 0)
        {
            node.Disk.Wipe();
            cluster.World.Note($"wipe {node.Id}");
        }
        cluster.World.At(lasting, () =>
        {
            if (!node.Process.IsAlive && !node.IsGone) cluster.Start(node);
        });
    }
}
