namespace Dynamo.Actors.Coordinator;

/// <summary>
/// The ids of the last writes that were begun, and the deliveries of those that were refused: a request that the network delivers a second time, when the
/// first may already have been replaced, or taken by the node that the client went to next, must not become another write. The second is dropped
/// without an answer: it carries the number of the first, whose answer serves both, and a failure sent for it could overtake that answer.
/// </summary>
internal sealed class RecentWrites
{
    private const int Most = 65_536;
    private readonly HashSet<ulong> _ids = [];
    private readonly Queue<ulong> _order = [];

    public bool Has(ulong writeId) => _ids.Contains(writeId);

    public void Add(ulong writeId)
    {
        if (writeId == 0 || !_ids.Add(writeId)) return;
        _order.Enqueue(writeId);
        if (_order.Count > Most) _ids.Remove(_order.Dequeue());
    }
}
