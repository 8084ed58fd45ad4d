namespace Dynamo.Core.Versioning;

/// <summary>What must be true of a key for a put to be carried out. The numbers are part of the wire form.</summary>
public enum PutCondition : byte
{
    None = 0,

    /// <summary>The key has no value: it was never written, or it is deleted or expired.</summary>
    IfAbsent = 1,

    /// <summary>The put's context has seen all siblings of the key, so that the put replaces them and makes no sibling.</summary>
    IfContext = 2,
}

public static class PutConditions
{
    /// <summary>Why the condition does not hold; null: it holds.</summary>
    /// <param name="held">The key's set, as far as it is known here.</param>
    public static string? WhyNot(this PutCondition condition, VersionSet held, CausalContext context, long nowMs)
    {
        switch (condition)
        {
            case PutCondition.IfAbsent:
                var live = held.Siblings.Count(s => s.IsLive(nowMs));
                return live == 0 ? null : $"the key has {(live == 1 ? "a value" : $"{live} values")}";
            case PutCondition.IfContext:
                var unseen = held.Siblings.Count(s => !context.Covers(s.Dot));
                return unseen == 0 ? null : $"the key has {(unseen == 1 ? "a write" : $"{unseen} writes")} that the context has not seen";
            default:
                return null;
        }
    }
}
