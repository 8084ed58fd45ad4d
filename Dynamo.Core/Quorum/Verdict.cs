namespace Dynamo.Core.Quorum;

public enum Verdict
{
    Pending,
    Met,

    /// <summary>Too few participants are left that could still answer.</summary>
    Unreachable,
}
