namespace Dynamo.Core.FailureDetection;

/// <summary>
/// How far a node trusts itself (Lifeguard's local health): a node that is slow finds everyone late. Each sign of that stretches what it
/// demands of others, each answer that comes in time takes it back.
/// </summary>
public readonly record struct LocalHealth(int Score)
{
    /// <summary>The most a node doubts itself: its timeouts are then nine times the usual.</summary>
    public const int Worst = 8;

    /// <summary>What thresholds and timeouts are multiplied by.</summary>
    public int Multiplier => 1 + Score;

    /// <summary>A question was answered in time.</summary>
    public LocalHealth Better() => new(Math.Max(0, Score - 1));

    /// <summary>Answers were missing from nodes that are believed well, or a suspicion of this node itself came up.</summary>
    public LocalHealth Worse(int by = 1) => new(Math.Min(Worst, Score + by));

    /// <summary>The node's own timer fired late, in multiples of the heartbeat interval.</summary>
    public LocalHealth Late(double intervals) => intervals <= 1 ? this : Worse((int)Math.Min(Worst, intervals));
}
