using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Client.Proxy;

/// <summary>
/// The requests that gather for each node. What is ready at the same moment travels as one message, and until most of that is answered the next one
/// gathers: the busier a node is, the fewer messages a request costs. A lone request never waits.
/// </summary>
internal sealed class Outbox
{
    // A node that takes longer is held up by something, and what waits here says nothing of its pace.
    private static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(20);
    private const int BatchBytes = 512 << 10;
    private const int RequestBytes = 128;
    private readonly Dictionary<NodeId, Lane> _lanes = [];

    /// <summary>Requests that were not sent yet.</summary>
    public int Waiting { get; private set; }

    public void Add(NodeId node, ClientRequest request)
    {
        if (!_lanes.TryGetValue(node, out var lane)) _lanes[node] = lane = new Lane();
        lane.Requests.Add(request);
        Waiting++;
    }

    /// <summary>Something came of a request: an answer, or that none will come.</summary>
    public void Answered(NodeId node, long id)
    {
        if (_lanes.TryGetValue(node, out var lane) && id >= lane.FirstId && id <= lane.LastId) lane.Unanswered--;
    }

    /// <summary>Empties the lanes that may go into messages of bounded bytes.</summary>
    public IEnumerable<(NodeId Node, ClientBatch Batch)> Flush(TimeSpan now)
    {
        if (Waiting == 0) yield break;
        foreach (var (node, lane) in _lanes)
        {
            if (!lane.IsReady(now)) continue;
            Waiting -= lane.Requests.Count;
            (lane.FirstId, lane.LastId, lane.Unanswered, lane.SentAt) = (lane.Requests[0].Id, lane.Requests[^1].Id, lane.Requests.Count, now);
            foreach (var batch in Batches(lane.Requests)) yield return (node, batch);
            lane.Requests.Clear();
        }
    }

    private static IEnumerable<ClientBatch> Batches(List<ClientRequest> requests)
    {
        var start = 0;
        while (start < requests.Count)
        {
            var end = start;
            for (var bytes = 0; end < requests.Count && (end == start || bytes < BatchBytes); end++)
                bytes += RequestBytes + (requests[end] is PutRequest put ? put.Value.Length : 0);
            yield return new ClientBatch([.. requests[start..end]]);
            start = end;
        }
    }

    private sealed class Lane
    {
        public List<ClientRequest> Requests { get; } = [];

        // Of what was sent last; ids only grow.
        public long FirstId { get; set; }

        public long LastId { get; set; } = -1;

        public int Unanswered { get; set; }

        public TimeSpan SentAt { get; set; }

        // Most, not all: one request of many may have to wait for a node that is down.
        public bool IsReady(TimeSpan now) => Requests.Count > 0 && (Unanswered <= (LastId - FirstId + 1) / 4 || now - SentAt >= MaxWait);
    }
}
