namespace Dynamo.Core.FailureDetection;

/// <summary>
/// A node's health score (Lifeguard's local health): a slow node finds every peer late. Each sign of its own slowness stretches the node's
/// timeouts, each answer in time shortens them again.
/// </summary>
public readonly record struct LocalHealth(int Score)
{
    /// <summary>The highest score: timeouts are then nine times the usual.</summary>
    public const int Worst = 8;

    /// <summary>The factor for thresholds and timeouts.</summary>
    public int Multiplier => 1 + Score;

    /// <summary>A question was answered in time.</summary>
    public LocalHealth Better() => new(Math.Max(0, Score - 1));

    /// <summary>Nodes believed healthy did not answer, or this node itself was suspected.</summary>
    public LocalHealth Worse(int by = 1) => new(Math.Min(Worst, Score + by));

    /// <summary>The node's own timer fired late, in multiples of the heartbeat interval.</summary>
    public LocalHealth Late(double intervals) => intervals <= 1 ? this : Worse((int)Math.Min(Worst, intervals));
}
