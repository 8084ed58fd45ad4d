using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;

namespace Dynamo.Benchmarks;

/// <summary>Keys, values and versions like those of `dynamo bench`: keys of about 19 bytes, values of 100 bytes, three replicas.</summary>
internal static class Samples
{
    private const int Replicas = 3;

    public static byte[] Value { get; } = [.. Enumerable.Range(0, 100).Select(i => (byte)i)];

    public static StorageKey Key(int number) => StorageKey.Of($"bench-0a1b2c3d:{number}");

    public static NodeId[] Nodes(int count) => [.. Enumerable.Range(1, count).Select(number => new NodeId($"n{number}"))];

    /// <summary>The result of this many concurrent writes, each at a different coordinator.</summary>
    public static VersionSet Siblings(int count)
    {
        var set = VersionSet.Empty;
        for (var replica = 0; replica < count; replica++) set = set.Put(Write(CausalContext.Empty, replica), NextDot(set, replica));
        return set;
    }

    /// <summary>The set after a write that has seen all its siblings.</summary>
    public static VersionSet Replaced(VersionSet set, int replica) => set.Put(Write(set.Clock, replica), NextDot(set, replica));

    // WriteId 0: the same write put twice counts as two writes.
    public static Write Write(CausalContext context, int replica) => new(context, Value, IsTombstone: false, WriteId: 0, TimestampMs: replica);

    public static Dot NextDot(VersionSet set, int replica)
    {
        var tenure = new Tenure(new StoreId(0x1111_1111_1111_1111UL * (ulong)(1 + (replica % Replicas))), 1);
        return new Dot(tenure, set.Clock.CountOf(tenure) + 1);
    }
}
