namespace Dynamo.Actors.Coordinator;

/// <summary>
/// The ids of the last writes that came: a request that the network delivers a second time, when the first may already have been
/// replaced, must not become another write.
/// </summary>
internal sealed class RecentWrites
{
    private const int Most = 65_536;
    private readonly HashSet<ulong> _ids = [];
    private readonly Queue<ulong> _order = [];

    public bool IsNew(ulong writeId)
    {
        if (writeId == 0) return true;
        if (!_ids.Add(writeId)) return false;
        _order.Enqueue(writeId);
        if (_order.Count > Most) _ids.Remove(_order.Dequeue());
        return true;
    }
}
