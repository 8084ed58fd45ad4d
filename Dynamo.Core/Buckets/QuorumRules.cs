namespace Dynamo.Core.Buckets;

/// <summary>A request or bucket asks for an impossible quorum.</summary>
public sealed class BadQuorumException(string message) : Exception(message);

/// <summary>
/// How many replicas a key has (N) and how many must answer a read (R) and a write (W); of those, how many must be primaries (PR, PW)
/// and how many must have synced the write to disk (DW). 0 asks for none. Section 4.5 of the paper.
/// </summary>
public sealed record QuorumRules(int N, int R, int W, int PR = 0, int PW = 0, int DW = 0)
{
    public const int MaxN = 16;

    public static readonly QuorumRules Default = new(3, 2, 2);

    /// <exception cref="BadQuorumException">A number is out of range; the message names both.</exception>
    public QuorumRules Checked()
    {
        Check(nameof(N), N, 1, MaxN);
        Check(nameof(R), R, 1, N);
        Check(nameof(W), W, 1, N);
        Check(nameof(PR), PR, 0, N);
        Check(nameof(PW), PW, 0, N);
        Check(nameof(DW), DW, 0, N);
        return this;
    }

    /// <summary>The same with every number at most n.</summary>
    public QuorumRules Within(int n) => new(n, Math.Min(R, n), Math.Min(W, n), Math.Min(PR, n), Math.Min(PW, n), Math.Min(DW, n));

    /// <summary>The reason why a number is invalid; null: it is valid.</summary>
    public static string? WhyNot(string name, int value, int min, int max = MaxN) =>
        value < min || value > max ? $"{name.ToLowerInvariant()} = {value} is not from {min} to {max}" : null;

    private static void Check(string name, int value, int min, int max)
    {
        if (WhyNot(name, value, min, max) is { } reason) throw new BadQuorumException(reason);
    }
}
