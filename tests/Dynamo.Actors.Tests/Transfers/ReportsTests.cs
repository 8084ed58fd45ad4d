using System.Collections.Immutable;
using System.Globalization;
using Dynamo.Actors.Transfers;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Transfers;
using Dynamo.Protocol;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.Transfers;

public sealed class ReportsTests
{
    private const int MaxBytes = 512 << 10;
    private static readonly DynamoSerializer Serializer = new(null!);

    /// <summary>A thousand nodes with the longest names have not heard of a plan that gives n1 all partitions of the largest ring.</summary>
    [Fact]
    public void The_largest_reports_go_in_messages_of_bounded_size()
    {
        NodeId[] nodes = [.. Enumerable.Range(0, 1000).Select(i => new NodeId(i.ToString("d4", CultureInfo.InvariantCulture).PadRight(NodeId.MaxLength, 'n')))];
        var state = Given.State([.. nodes.Append(Given.N1).Select(n => Given.Member(n, new NodeAddress("127.0.0.1", 1)))]);
        var ring = new RingVersion(Ring(1, nodes[0]), Ring(2, Given.N1), 7, Given.StandingsOf(state)).KnownBy(Given.N1);
        var receiving = new Receiving(new ClusterView(Given.N1, state.With(ring), []), () => null);

        TransferReport[] all = [.. receiving.Progress(TimeSpan.Zero).Select(p => Reports.Of(p, nodes[0], nodes[1]))];
        Assert.EndsWith(" and 990 more", all[0].Waiting, StringComparison.Ordinal);
        var pages = Pages(all);
        Assert.InRange(pages.Count, 2, 20);
        Assert.Equal(Enumerable.Range(0, HashRing.MaxPartitions), pages.SelectMany(p => p.Reports).Select(r => r.Partition));
    }

    [Fact]
    public void A_report_larger_than_the_bound_goes_alone()
    {
        var pages = Pages([Report(3, ""), Report(1, new string('ü', MaxBytes)), Report(2, "")]);
        Assert.Equal([[1], [2, 3]], pages.Select(p => p.Reports.Select(r => r.Partition)));
    }

    [Fact]
    public void Reports_of_one_page_are_answered_whole_and_end_with_an_empty_page()
    {
        Assert.Equal([1, 2, 3], Assert.Single(Pages([Report(2, ""), Report(1, ""), Report(3, "")])).Reports.Select(r => r.Partition));
        Assert.Empty(Pages([]));
    }

    private static TransferReport Report(int partition, string waiting) => new(partition, null, null, 0, 0, 0, 0, 0, waiting);

    private static HashRing Ring(long epoch, NodeId owner) => new(epoch, [.. Enumerable.Repeat(ImmutableArray.Create(owner), HashRing.MaxPartitions)]);

    private static List<TransferReports> Pages(TransferReport[] all)
    {
        var (pages, from) = (new List<TransferReports>(), 0);
        while (Reports.Answer(new TransfersRequest(from), all, MaxBytes) is { Reports: [.., var last] } page)
        {
            if (page.Reports.Length > 1) Assert.InRange(Serializer.ToBinary(page).Length, 1, MaxBytes);
            pages.Add(page);
            from = last.Partition + 1;
        }
        return pages;
    }
}
