using System.Collections.Frozen;
using System.Collections.Immutable;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Membership;

/// <summary>One of the settings that nodes compare, with its value as text.</summary>
public readonly record struct AgreedSetting(string Key, string Value);

/// <summary>A setting that two nodes have differently.</summary>
/// <param name="IsRefused">Nodes that differ in it do not gossip. Otherwise an operator may be changing it, node by node.</param>
public sealed record SettingDifference(string Key, string Here, string There, bool IsRefused);

/// <summary>Compares the settings of two nodes (docs/decisions/0019-who-may-gossip.md).</summary>
public static class Agreement
{
    // With different ones, nodes drop or reap copies that the others still count on, or merge away writes that the others keep.
    private static readonly FrozenSet<string> Required = new[] { "dynamo.ring.partitions", "dynamo.bucket.n", "dynamo.bucket.conflicts" }.ToFrozenSet();

    /// <param name="there">The other node's. A setting that only one of the two knows is of another version, and is not compared.</param>
    public static ImmutableArray<SettingDifference> Compare(ImmutableArray<AgreedSetting> here, ImmutableArray<AgreedSetting> there)
    {
        var differences = ImmutableArray.CreateBuilder<SettingDifference>();
        foreach (var theirs in there)
        {
            foreach (var ours in here)
                if (ours.Key == theirs.Key && ours.Value != theirs.Value)
                    differences.Add(new SettingDifference(ours.Key, ours.Value, theirs.Value, Required.Contains(ours.Key)));
        }
        return differences.ToImmutable();
    }

    /// <summary>The differences in words that hold on both nodes.</summary>
    public static string InWords(IEnumerable<SettingDifference> differences, NodeId here, NodeId there) =>
        string.Join(", ", differences.Select(d => $"{d.Key} is {d.Here} on {here} and {d.There} on {there}"));
}
