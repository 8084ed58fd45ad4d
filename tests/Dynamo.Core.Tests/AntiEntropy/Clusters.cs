using System.Collections.Immutable;
using Dynamo.Core.AntiEntropy;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;

namespace Dynamo.Core.Tests.AntiEntropy;

/// <summary>Views of a cluster of the nodes n1 to n4, each of which is up.</summary>
internal static class Clusters
{
    public static readonly NodeId N1 = new("n1");
    public static readonly NodeId N2 = new("n2");
    public static readonly NodeId N3 = new("n3");
    public static readonly NodeId N4 = new("n4");

    /// <param name="owners">The owners of each partition, separated by a space.</param>
    public static HashRing Table(long epoch, params string[] owners) => new(epoch, [.. owners.Select(o => o.Split(' ').Select(n => new NodeId(n)).ToImmutableArray())]);

    public static RingVersion Change(HashRing from, HashRing to) => new(from, to, planId: 7, ImmutableSortedDictionary<NodeId, MemberStatus>.Empty);

    /// <summary>The view of n1.</summary>
    public static ClusterView View(RingVersion ring, params NodeId[] down)
    {
        var members = new[] { N1, N2, N3, N4 }.ToImmutableSortedDictionary(n => n, n => new Member(n, new NodeAddress("localhost", 1), 1, MemberStatus.Up, "", 1));
        return new ClusterView(N1, ClusterState.Empty with { Members = members, Ring = ring }, [.. down]);
    }

    /// <summary>Keys have two owners, those of the bucket "narrow" one and those of "wide" three.</summary>
    public static Ownership Owners(ClusterView view) => new(
        view with { State = view.State.With("narrow", new BucketEntry(1, Bucket(1))).With("wide", new BucketEntry(1, Bucket(3))) }, Bucket(2));

    public static BucketOptions Bucket(int n) => new(new QuorumRules(n, 1, 1), ConflictMode.Siblings, 20);
}

/// <summary>Hash trees that hold nothing yet.</summary>
internal static class Trees
{
    public static Forest Built(int partitions)
    {
        var forest = new Forest(partitions);
        forest.Scanned([]);
        return forest;
    }

    /// <summary>Trees of two partitions, of which the scan has reached the second.</summary>
    public static Forest BuiltUpToPartition1()
    {
        var forest = new Forest(2);
        forest.Scanned([new StoredRecord(KeyAt(new Token(1UL << 63)), Record.None)]);
        return forest;
    }

    public static Applied Write(Token token)
    {
        var set = new VersionSet(CausalContext.Empty.With(new Dot(new Tenure(new StoreId(1), 1), 1)), []);
        return new Applied(new RecordKey(KeyAt(token)), Record.None, new Record(0, set));
    }

    private static StorageKey KeyAt(Token token) => new(StorageKey.Of("k").Encoded, token);
}
