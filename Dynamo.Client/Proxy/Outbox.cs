using Dynamo.Core.Ring;
using Dynamo.Core.Wire;
using Dynamo.Protocol;

namespace Dynamo.Client.Proxy;

/// <summary>
/// The requests queued for each node. Requests that are ready at the same moment share one message, and while a few messages are in flight the next one
/// fills: the busier a node is, the fewer messages per request. A lone request never waits.
/// </summary>
internal sealed class Outbox
{
    // Batches in flight to a node from which the next one waits. Fewer add only delay, more save no messages (docs/decisions/0004).
    private const int Window = 4;

    // A node that takes longer is delayed by something, so its batches in flight say nothing about its pace.
    private static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(20);
    private const int BatchBytes = 512 << 10;
    private const int RequestBytes = 128;
    private readonly Dictionary<NodeId, Lane> _lanes = [];

    /// <summary>Number of requests not sent yet.</summary>
    public int Waiting { get; private set; }

    public void Add(NodeId node, ClientRequest request)
    {
        if (!_lanes.TryGetValue(node, out var lane)) _lanes[node] = lane = new Lane();
        lane.Requests.Add(request);
        Waiting++;
    }

    /// <summary>Notes that a request was answered, or will not be.</summary>
    public void Answered(NodeId node, long id)
    {
        if (_lanes.TryGetValue(node, out var lane)) lane.Answered(id);
    }

    /// <summary>Empties the lanes that are ready into messages of bounded size.</summary>
    public IEnumerable<(NodeId Node, ClientBatch Batch)> Flush(TimeSpan now)
    {
        if (Waiting == 0) yield break;
        foreach (var (node, lane) in _lanes)
        {
            if (!lane.IsReady(now)) continue;
            Waiting -= lane.Requests.Count;
            lane.Sent(now);
            foreach (var requests in ByteSlices.Of(lane.Requests, BatchBytes, SizeOf)) yield return (node, new ClientBatch([.. requests]));
            lane.Requests.Clear();
        }
    }

    private static int SizeOf(ClientRequest request) =>
        RequestBytes + request.Key.Encoded.Length + (request is PutRequest put ? put.Context.Length + put.Value.Length : 0);

    private sealed class Lane
    {
        private readonly List<Batch> _underWay = [];

        public List<ClientRequest> Requests { get; } = [];

        public bool IsReady(TimeSpan now) => Requests.Count > 0 && (_underWay.Count < Window || now - _underWay[^1].SentAt >= MaxWait);

        public void Sent(TimeSpan now)
        {
            // A batch that takes this long says nothing about the pace.
            _underWay.RemoveAll(batch => now - batch.SentAt >= MaxWait);
            _underWay.Add(new Batch(Requests[0].Id, Requests[^1].Id, Requests.Count, now));
        }

        // Ids only grow, so a batch is a range of ids. Three quarters of the answers free its place: a few requests may have to wait for a node that is down.
        public void Answered(long id)
        {
            var batch = _underWay.Find(b => b.First <= id && id <= b.Last);
            if (batch is not null && --batch.Unanswered <= batch.Requests / 4) _underWay.Remove(batch);
        }
    }

    private sealed record Batch(long First, long Last, int Requests, TimeSpan SentAt)
    {
        public int Unanswered { get; set; } = Requests;
    }
}
