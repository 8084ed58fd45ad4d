using Dynamo.Core.Ring;

namespace Dynamo.Core.Calls;

/// <summary>
/// Which nodes answer this client, as far as it has seen itself. A node counts as one that answers once it has; when it fails a request or a probe, it does
/// not any more. Requests go around such nodes, and probes find out when they are back: no request waits for a node that cannot be reached.
/// </summary>
/// <param name="timeout">Time limit for a probe's answer.</param>
/// <param name="backOff">From a node's first failure to the next probe. It doubles with each further failure, up to <see cref="MaxBackOff"/>.</param>
public sealed class Reach(TimeSpan timeout, TimeSpan backOff)
{
    /// <summary>The longest time between two probes of a node.</summary>
    public static readonly TimeSpan MaxBackOff = TimeSpan.FromSeconds(30);

    private readonly Dictionary<NodeId, Peer> _peers = [];
    private readonly HashSet<NodeId> _wanted = [];

    /// <summary>Whether the node answered when it was last heard or asked.</summary>
    public bool Answers(NodeId node) => _peers.TryGetValue(node, out var peer) && peer.Answers;

    /// <summary>Failures since the node last answered a request; 0 for a node that was never asked.</summary>
    public int Failures(NodeId node) => _peers.TryGetValue(node, out var peer) ? peer.Failures : 0;

    /// <summary>A request would have gone to the node, had it answered: it is worth a probe. Nodes that nobody wants are not probed.</summary>
    public void Want(NodeId node) => _wanted.Add(node);

    /// <summary>The node answered a request: its failures are forgotten.</summary>
    public void Served(NodeId node)
    {
        var peer = Known(node);
        (peer.Answers, peer.Failures, peer.Deadline) = (true, 0, null);
    }

    /// <summary>
    /// The node answered a probe, or a question for the directory. Requests may try it again; a node that answers only probes is away for longer each time.
    /// </summary>
    public void Heard(NodeId node)
    {
        var peer = Known(node);
        (peer.Answers, peer.Deadline) = (true, null);
    }

    /// <summary>The node did not answer a request in time, does not serve, or could not be sent it.</summary>
    public void Failed(NodeId node, TimeSpan now)
    {
        var peer = Known(node);
        // Requests that were under way together fail together: they are one failure.
        if (peer.Answers || peer.Failures == 0) Fail(peer, now);
    }

    /// <summary>The node is sent a question that it should answer within the time limit for probes.</summary>
    public void Asked(NodeId node, TimeSpan now) => Known(node).Deadline ??= now + timeout;

    /// <summary>The nodes to probe now. Call it often: it also counts the probes that were not answered in time.</summary>
    public IReadOnlyList<NodeId> Probes(TimeSpan now)
    {
        foreach (var peer in _peers.Values)
            if (now >= peer.Deadline) Fail(peer, now);
        if (_wanted.Count == 0) return [];
        _wanted.RemoveWhere(Answers);
        // When no node answers, the client itself may have been cut off, and every node may be back at once.
        var isAlone = !_peers.Values.Any(p => p.Answers);
        NodeId[] due = [.. _wanted.Where(node => Known(node).IsDue(now, isAlone ? backOff : MaxBackOff)).Order()];
        foreach (var node in due)
        {
            _wanted.Remove(node);
            Asked(node, now);
        }
        return due;
    }

    /// <summary>Another process may be at the node's address now, or the node at another one.</summary>
    public void Forget(NodeId node) => _peers.Remove(node);

    private Peer Known(NodeId node)
    {
        if (!_peers.TryGetValue(node, out var peer)) _peers[node] = peer = new Peer();
        return peer;
    }

    private void Fail(Peer peer, TimeSpan now)
    {
        (peer.Answers, peer.Deadline) = (false, null);
        peer.FailedAt = now;
        peer.BackOff = peer.Failures == 0 ? backOff : peer.BackOff * 2 < MaxBackOff ? peer.BackOff * 2 : MaxBackOff;
        peer.Failures++;
    }

    private sealed class Peer
    {
        public bool Answers { get; set; }

        public int Failures { get; set; }

        public TimeSpan FailedAt { get; set; }

        public TimeSpan BackOff { get; set; }

        /// <summary>When the answer to a probe is late; null: none is under way.</summary>
        public TimeSpan? Deadline { get; set; }

        public bool IsDue(TimeSpan now, TimeSpan max) => Deadline is null && (Failures == 0 || now >= FailedAt + (BackOff < max ? BackOff : max));
    }
}
