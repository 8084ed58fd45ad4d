using Dynamo.Core.Buckets;

namespace Dynamo.Core.Quorum;

/// <summary>The answers that one request needs: the R and PR of a get, or the W, PW and DW of a put.</summary>
/// <param name="Answers">From any participant, fallbacks too.</param>
/// <param name="Primaries">How many of the answers must be from primaries.</param>
/// <param name="Synced">How many of the answers must come after the write was synced to disk.</param>
public readonly record struct Needed(int Answers, int Primaries = 0, int Synced = 0)
{
    public static Needed ForGet(QuorumRules rules) => new(rules.R, rules.PR);

    public static Needed ForPut(QuorumRules rules) => new(rules.W, rules.PW, rules.DW);
}
