using System.Collections.Immutable;
using System.Globalization;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Protocol.Tests;

/// <summary>Messages that carry a whole cluster fit one frame (16 MiB), whatever an operator does.</summary>
public sealed class LargestMessagesTests
{
    private const int Frame = 16 << 20;
    private const int Envelope = 64 << 10;
    private const int Nodes = 1000;

    private static NodeId[] Names { get; } = [.. Enumerable.Range(0, Nodes).Select(i => new NodeId(i.ToString("d4", CultureInfo.InvariantCulture).PadRight(NodeId.MaxLength, 'n')))];

    [Fact]
    public void A_directory_at_every_limit_fits_a_frame()
    {
        var directory = new ClusterDirectory("dynamo", Names[0], State(), 1, [.. Names], BucketOptions.Default, new RequestLimits(16 << 10, 8 << 20));
        Assert.InRange(new DynamoSerializer(null!).ToBinary(directory).Length, 1 << 20, Frame - Envelope);
    }

    [Fact]
    public void One_more_bucket_with_options_of_its_own_is_refused()
    {
        var state = State();
        var (after, refused) = BucketChange.Set(state, state.Members[Names[0]], "one-more", BucketOptions.Default);
        Assert.Same(state, after);
        Assert.Equal("bucket one-more: 10000 buckets have options of their own, which is the limit", refused);
        Assert.Null(BucketChange.Set(state, state.Members[Names[0]], BucketName(0), BucketOptions.Default).Refused);
    }

    private static string BucketName(int i) => i.ToString("d5", CultureInfo.InvariantCulture).PadRight(StorageKey.MaxBucketBytes, 'b');

    private static ClusterState State()
    {
        var members = Names.Select(n => new Member(n, new NodeAddress(new string('h', 255), 65535), long.MaxValue, MemberStatus.Up, new string('z', 64), 1000));
        var owners = Enumerable.Range(0, HashRing.MaxPartitions)
            .Select(p => Enumerable.Range(0, QuorumRules.MaxN).Select(o => Names[(p + (o * 7)) % Nodes]).ToImmutableArray()).ToImmutableArray();
        var buckets = Enumerable.Range(0, BucketChange.MaxBuckets)
            .Select(i => KeyValuePair.Create(BucketName(i), new BucketEntry(1, BucketOptions.Default))).ToImmutableSortedDictionary();
        return ClusterState.Empty with
        {
            Members = members.ToImmutableSortedDictionary(m => m.Id, m => m),
            Ring = new RingVersion(new HashRing(1, owners), new HashRing(2, owners), 7, ImmutableSortedDictionary<NodeId, MemberStatus>.Empty),
            Buckets = buckets,
        };
    }
}
