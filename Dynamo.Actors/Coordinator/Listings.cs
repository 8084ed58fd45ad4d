using System.Collections.Immutable;
using Akka.Actor;
using Dynamo.Actors.Settings;
using Dynamo.Actors.Shared;
using Dynamo.Core.Buckets;
using Dynamo.Core.Listing;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;
using Dynamo.Protocol;

namespace Dynamo.Actors.Coordinator;

/// <summary>A page of a listing is ready for its client.</summary>
internal sealed record Listed(IActorRef Client, ClientReply Reply);

/// <summary>
/// Pages of listings. One page is of one partition: R of its replicas are asked for their next keys, and where they differ, their sets are read and merged.
/// The client asks page by page, so that nothing is kept between them.
/// </summary>
/// <param name="coordinator">Is told each page.</param>
internal sealed class Listings(DynamoSettings settings, RequestChecks checks, ReplicaAsks asks, IActorRef coordinator, IScheduler scheduler)
{
    // Reads under way at once, of keys on which the replicas differ.
    private const int ReadsAtOnce = 32;

    // Keys in one page, whatever the client asks for.
    private const int MaxKeys = 1000;

    /// <summary>Pages under way.</summary>
    public int Count { get; private set; }

    public void Begin(ListRequest request, IActorRef client, ClusterView view)
    {
        Count++;
        PageAsync(request, view).PipeTo(coordinator, success: reply => new Listed(client, reply), failure: e => new Listed(client, Failure(request, e.GetBaseException())));
    }

    /// <summary>The coordinator was told a page.</summary>
    public void Ended() => Count--;

    private static RequestFailed Failure(ListRequest request, Exception e) => e is BadQuorumException
        ? new RequestFailed(request.Id, FailureKind.BadRequest, e.Message)
        : new RequestFailed(request.Id, FailureKind.QuorumNotMet, $"the listing failed: {e.Message}");

    private async Task<ClientReply> PageAsync(ListRequest request, ClusterView view)
    {
        var bucket = checks.OptionsOf(view, request.Bucket);
        var rules = request.Quorum.Over(bucket.Quorum);
        var partition = view.Ring.PartitionOf(request.Place.From);
        var (first, last) = view.Ring.Tokens(partition);
        var (pages, nodes) = await AskAsync(request, ReplicasOf(view, partition, rules.N), rules.R, first, last);
        if (pages.Count < rules.R)
            return new RequestFailed(
                request.Id, FailureKind.QuorumNotMet, $"{pages.Count} of the {rules.R} replicas needed told their keys of partition {partition}", rules.R, pages.Count);

        var merged = PageMerge.Of(pages, Math.Clamp(request.Max, 1, MaxKeys));
        var live = await LiveAsync(merged.Keys, nodes, bucket.Conflicts, isByBucket: request.Bucket.Length > 0);
        var next = !merged.IsEnd ? new ListPlace(first, merged.ScannedTo) : last.Value == ulong.MaxValue ? (ListPlace?)null : new ListPlace(new Token(last.Value + 1), null);
        return new ListReply(request.Id, live, next);
    }

    // Those believed up first; the others only when too few of them answer.
    private IActorRef[] ReplicasOf(ClusterView view, int partition, int n) =>
        [.. view.Ring.Primaries(partition, n).ToArray().OrderBy(node => !view.IsHealthy(node)).ThenBy(node => node != view.Self).Select(asks.ReplicaOf).OfType<IActorRef>()];

    private async Task<(List<ReplicaPage> Pages, List<IActorRef> Nodes)> AskAsync(ListRequest request, IActorRef[] replicas, int r, Token first, Token last)
    {
        var question = new KeysRequest(first, last, request.Place.After, request.Bucket, request.Prefix, Math.Clamp(request.Max, 1, MaxKeys));
        var (pages, nodes) = (new List<ReplicaPage>(), new List<IActorRef>());
        for (var asked = 0; pages.Count < r && asked < replicas.Length;)
        {
            var now = replicas[asked..Math.Min(replicas.Length, asked + r - pages.Count)];
            asked += now.Length;
            foreach (var (replica, page) in now.Zip(await Task.WhenAll(now.Select(replica => AskAsync(replica, question)))))
            {
                if (page is null) continue;
                pages.Add(page);
                nodes.Add(replica);
            }
        }
        return (pages, nodes);
    }

    private async Task<ReplicaPage?> AskAsync(IActorRef replica, KeysRequest question)
    {
        try
        {
            return (await replica.Ask<KeysPage>(question, settings.Request.ReplicaTimeout)).Page;
        }
        catch (Exception e) when (e is AskTimeoutException or InvalidCastException)
        {
            return null;
        }
    }

    private async Task<ImmutableArray<StorageKey>> LiveAsync(ImmutableArray<MergedKey> keys, List<IActorRef> nodes, ConflictMode conflicts, bool isByBucket)
    {
        // For the names of buckets, one key that is live somewhere is proof enough.
        if (!isByBucket) return [.. keys.Select(k => k.Key)];
        var live = new HashSet<StorageKey>(keys.Where(k => k.IsSure).Select(k => k.Key));
        foreach (var some in keys.Where(k => !k.IsSure).Chunk(ReadsAtOnce))
        {
            var isLive = await Task.WhenAll(some.Select(k => IsLiveAsync(k.Key, nodes, conflicts)));
            live.UnionWith(some.Zip(isLive).Where(k => k.Second).Select(k => k.First.Key));
        }
        return [.. keys.Where(k => live.Contains(k.Key)).Select(k => k.Key)];
    }

    private async Task<bool> IsLiveAsync(StorageKey key, List<IActorRef> nodes, ConflictMode conflicts)
    {
        var sets = await Task.WhenAll(nodes.Select(node => LargeSets.ReadAsync(node, key, hintFor: null, settings.Request.ReplicaTimeout)));
        // A replica that cannot read its record tells nothing, and the others' answer stands, as it does for a get.
        var merged = sets.Aggregate(VersionSet.Empty, (all, set) => set is null ? all : all.Merge(set, conflicts));
        return !merged.IsEmpty && !merged.IsGone(scheduler.Now.ToUnixTimeMilliseconds());
    }
}
