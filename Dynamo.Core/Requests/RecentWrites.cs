namespace Dynamo.Core.Requests;

/// <summary>
/// The ids of the last writes that were begun, and the deliveries of those that were refused: a request that the network delivers a second time, when the
/// first may already have been replaced, or taken by the node that the client went to next, must not become another write. The second is dropped
/// without an answer: it carries the number of the first, whose answer serves both, and a failure sent for it could overtake that answer.
/// </summary>
public sealed class RecentWrites
{
    /// <summary>How many of both kinds are kept; the oldest is forgotten first.</summary>
    public const int MaxIds = 65_536;

    private readonly HashSet<ulong> _ids = [];
    private readonly Queue<ulong> _order = [];

    /// <summary>This delivery is a second one, or the write was begun here.</summary>
    /// <param name="writeId">0: the client gave it none.</param>
    /// <param name="request">The number of the client's attempt.</param>
    public bool IsRepeated(ulong writeId, long request) => _ids.Contains(writeId) || _ids.Contains(Delivery(writeId, request));

    public void Begun(ulong writeId) => Add(writeId);

    /// <summary>The write may come again by another way, as another attempt, and is judged afresh; the same delivery of it is not.</summary>
    public void Refused(ulong writeId, long request) => Add(Delivery(writeId, request));

    private static ulong Delivery(ulong writeId, long request) => writeId ^ ((ulong)request * 0x9E3779B97F4A7C15);

    private void Add(ulong id)
    {
        if (id == 0 || !_ids.Add(id)) return;
        _order.Enqueue(id);
        if (_order.Count > MaxIds) _ids.Remove(_order.Dequeue());
    }
}
