using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Actors.Coordinator;

/// <summary>
/// Writes on their way to nodes that are to own their partition and do not serve it yet: they count in no quorum. A node's transfer may have passed the
/// key already, so what it does not take is kept for it as a hint.
/// </summary>
internal sealed class ForwardedWrites(ReplicaAsks asks, NodeId self)
{
    private readonly Dictionary<long, (WriteItem Item, NodeId To)> _underWay = [];

    // Below zero, so that their tags are none of a request's.
    private long _last;

    public void Send(WriteItem item, NodeId to)
    {
        var id = --_last;
        _underWay[id] = (item, to);
        if (!asks.TryWrite(to, item, new Tag(id, 0))) Answered(id, isTaken: false);
    }

    /// <summary>An answer came, or none did; of a request's own write nothing is known here.</summary>
    public void Answered(long id, bool isTaken)
    {
        if (_underWay.Remove(id, out var forward) && !isTaken) asks.TryWrite(self, forward.Item with { HintFor = forward.To }, Tag.None);
    }
}
