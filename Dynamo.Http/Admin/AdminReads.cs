using Dynamo.Client;
using Dynamo.Client.Admin;
using Dynamo.Http.Answers;
using Dynamo.Http.Documents;
using Dynamo.Http.Requests;
using Dynamo.Http.Routing;
using Microsoft.AspNetCore.Http;

namespace Dynamo.Http.Admin;

/// <summary>Shows the cluster as this node and the others see it.</summary>
internal sealed class AdminReads(NodeAccess node)
{
    private static readonly string[] Parameters = ["timeout"];

    public IEnumerable<Route> All =>
    [
        Of("/admin/status", "getStatus", "Every member: state, share, keys, hints, background work, warnings", typeof(StatusDocument), StatusAsync),
        Of("/admin/ring", "getRing", "The current and future owners of each partition", typeof(RingDocument), RingAsync),
        Of("/admin/transfers", "getTransfers", "Partitions in transfer, and what each waits for", typeof(TransfersDocument), TransfersAsync),
        Of("/admin/hints", "getHints", "How many hints each node keeps for each other one", typeof(HintsDocument), HintsAsync),
        Of("/admin/explain/{bucket}/{key}", "explainKey", "Where a key lives, and what a get of it would answer", typeof(ExplanationDocument), ExplainAsync)
            with { Parameters = [.. Names.Key, .. RequestOptions.Timeout] },
    ];

    private static Route Of(string pattern, string name, string summary, Type type, RequestDelegate handler) => new("GET", pattern, name, "admin", summary, handler)
    {
        Parameters = RequestOptions.Timeout,
        Answers = [new(200, "The answer.", type, MediaTypes.Json), Failures.Problem(400, "A name or parameter is wrong."), Failures.Problem(504, "The node did not answer in time.")],
    };

    private async Task StatusAsync(HttpContext http)
    {
        var timeout = TimeoutOf(http);
        var cluster = await ClusterAsync(http, timeout);
        var members = cluster.Present.ToArray();
        var statuses = await Task.WhenAll(members.Select(m => node.Admin.TryStatusAsync(m.Address, timeout, http.RequestAborted)));
        var ring = cluster.Ring;
        await Answer.JsonAsync(
            http,
            new StatusDocument(
                cluster.Name, ring.Epoch, ring.PartitionCount, ring.Replicas, ring.Moving, [.. members.Zip(statuses).Select(m => NodeDocument.Of(m.First, m.Second, ring, statuses))],
                [.. cluster.Staged.Select(ChangeDocument.Of)], [.. cluster.Members.Where(m => m.IsGone).Select(m => m.Id.Name)]),
            HttpJson.Plain.StatusDocument);
    }

    private async Task RingAsync(HttpContext http)
    {
        var cluster = await ClusterAsync(http, TimeoutOf(http));
        var (ring, risks) = (cluster.Ring, cluster.Risks.Select(r => r.Partition).ToHashSet());
        var table = Enumerable.Range(0, ring.PartitionCount).Select(p => new PartitionDocument(
            p, [.. ring.Owners(p).Select(n => n.Name)], [.. ring.Incoming(p).Select(n => n.Name)], risks.Contains(p)));
        await Answer.JsonAsync(http, new RingDocument(ring.Epoch, ring.PartitionCount, ring.Replicas, ring.IsSettled, [.. table]), HttpJson.Plain.RingDocument);
    }

    private async Task TransfersAsync(HttpContext http)
    {
        var timeout = TimeoutOf(http);
        var ring = (await ClusterAsync(http, timeout)).Ring;
        var nodes = await node.Admin.TransfersAsync(node.Self, timeout, http.RequestAborted);
        var transfers = nodes.SelectMany(n => (n.Receiving ?? []).Select(t => TransferDocument.Of(n.Node, "receive", t))
            .Concat((n.HandingOff ?? []).Select(t => TransferDocument.Of(n.Node, "hand-off", t))));
        var silent = nodes.Where(n => n.Receiving is null || n.HandingOff is null).Select(n => n.Node.Name);
        await Answer.JsonAsync(http, new TransfersDocument(ring.Epoch, ring.IsSettled, ring.Moving, [.. transfers], [.. silent]), HttpJson.Plain.TransfersDocument);
    }

    private async Task HintsAsync(HttpContext http)
    {
        var timeout = TimeoutOf(http);
        var cluster = await ClusterAsync(http, timeout);
        var held = await Task.WhenAll(cluster.Present.Select(async m => (m.Id, Hints: await TryHintsAsync(http, m, timeout))));
        var nodes = held.Select(h => new HolderDocument(h.Id.Name, h.Hints is not null, (h.Hints ?? []).ToDictionary(c => c.Owner.Name, c => c.Hints)));
        await Answer.JsonAsync(http, new HintsDocument(held.Sum(h => h.Hints?.Sum(c => c.Hints) ?? 0), [.. nodes]), HttpJson.Plain.HintsDocument);
    }

    private async Task<IReadOnlyList<HintCount>?> TryHintsAsync(HttpContext http, MemberInfo member, TimeSpan timeout)
    {
        try
        {
            return await node.Admin.HintsAsync(member, timeout, http.RequestAborted);
        }
        catch (DynamoUnavailableException)
        {
            return null;
        }
    }

    private async Task ExplainAsync(HttpContext http)
    {
        var (key, timeout) = (PathNames.KeyOf(http), TimeoutOf(http));
        await Answer.JsonAsync(http, ExplanationDocument.Of(await node.Admin.ExplainAsync(node.Self, key, timeout, http.RequestAborted)), HttpJson.Plain.ExplanationDocument);
    }

    private Task<ClusterInfo> ClusterAsync(HttpContext http, TimeSpan timeout) => node.Admin.ClusterAsync(node.Self, timeout, http.RequestAborted);

    private TimeSpan TimeoutOf(HttpContext http) => RequestOptions.TimeoutOf(new QueryText(http.Request, Parameters)) ?? node.Timeout;
}
