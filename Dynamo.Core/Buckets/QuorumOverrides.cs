namespace Dynamo.Core.Buckets;

/// <summary>Quorum numbers that one request, or one change of a bucket, sets in place of the bucket's own; null keeps the bucket's.</summary>
/// <param name="N">Replicas that take part, from 1 to 16. Copies beyond the bucket's own N serve this request alone: they are not kept.</param>
/// <param name="R">Replicas that must answer a get, from 1 to N.</param>
/// <param name="W">Nodes that must store a put, from 1 to N.</param>
/// <param name="PR">Primaries that must answer a get, from 0 to N.</param>
/// <param name="PW">Primaries that must store a put, from 0 to N.</param>
/// <param name="DW">Nodes that must have a put on disk, from 0 to N.</param>
public record QuorumOverrides(int? N = null, int? R = null, int? W = null, int? PR = null, int? PW = null, int? DW = null)
{
    public static readonly QuorumOverrides None = new();

    public bool IsNone => N is null && R is null && W is null && PR is null && PW is null && DW is null;

    /// <summary>The rules of one request. Numbers that it leaves to the bucket shrink with a smaller N of its own.</summary>
    /// <exception cref="BadQuorumException">The numbers do not fit together.</exception>
    public QuorumRules Over(QuorumRules bucket) => IsNone ? bucket : ReplaceIn(bucket.Within(N ?? bucket.N)).Checked();

    /// <summary>The rules with these numbers replaced, unchecked.</summary>
    public QuorumRules ReplaceIn(QuorumRules rules) => new(N ?? rules.N, R ?? rules.R, W ?? rules.W, PR ?? rules.PR, PW ?? rules.PW, DW ?? rules.DW);

    /// <summary>Why no bucket can allow the numbers, or null. A bucket's own N may allow less.</summary>
    public string? WhyNot() =>
        WhyNot(nameof(N), N, 1) ?? WhyNot(nameof(R), R, 1) ?? WhyNot(nameof(W), W, 1) ?? WhyNot(nameof(PR), PR, 0) ?? WhyNot(nameof(PW), PW, 0) ?? WhyNot(nameof(DW), DW, 0);

    private static string? WhyNot(string name, int? asked, int min) => asked is { } value ? QuorumRules.WhyNot(name, value, min) : null;
}
