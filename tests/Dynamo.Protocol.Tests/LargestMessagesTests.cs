using System.Collections.Immutable;
using System.Globalization;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Protocol.Tests;

/// <summary>Messages that carry a whole cluster, or all about a key, fit one frame of the least size that nodes accept, whatever an operator does.</summary>
public sealed class LargestMessagesTests
{
    private const int Frame = 5 << 20;
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
    public void A_report_of_a_key_with_every_sibling_that_it_names_fits_a_frame()
    {
        var sibling = new SiblingReport($"{ulong.MaxValue:x16}.{long.MaxValue}:{long.MaxValue}", true, int.MaxValue);
        var report = new KeyReport(
            Names[0], new string('€', KeyReport.MaxClockLength), ulong.MaxValue, [.. Enumerable.Repeat(sibling, KeyReport.MaxSiblings)], [.. Names], long.MaxValue - 1, WriteCause.Put);
        Assert.InRange(new DynamoSerializer(null!).ToBinary(report).Length, 1 << 20, Frame - Envelope);
    }

    [Fact]
    public void The_status_of_a_node_that_doubts_all_others_fits_a_frame()
    {
        var status = new NodeStatus(Names[0], "1.0.0", 1, 0, "sqlite", 1, Nodes, 1, [.. Names], 0, 0, 0, 1, 0, false) { Warnings = [.. Enumerable.Repeat(new string('w', 1000), 50)] };
        Assert.InRange(new DynamoSerializer(null!).ToBinary(status).Length, Nodes * NodeId.MaxLength, Frame - Envelope);
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
