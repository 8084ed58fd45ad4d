namespace Dynamo.Core.Requests;

/// <summary>
/// The ids of the last writes begun, and the deliveries of the last ones refused. A request that the network delivers twice must not become another write:
/// the first may have been replaced since, or taken by the node that the client tried next. The second delivery is dropped without an answer: it carries
/// the number of the first, whose answer serves both, and a failure sent for it could overtake that answer.
/// </summary>
public sealed class RecentWrites
{
    /// <summary>The number of ids of both kinds that are kept; the oldest is forgotten first.</summary>
    public const int MaxIds = 65_536;

    private readonly HashSet<ulong> _ids = [];
    private readonly Queue<ulong> _order = [];

    /// <summary>Whether this delivery is a repeat, or the write was begun here.</summary>
    /// <param name="writeId">0: the client gave it none.</param>
    /// <param name="request">The number of the client's attempt.</param>
    public bool IsRepeated(ulong writeId, long request) => _ids.Contains(writeId) || _ids.Contains(Delivery(writeId, request));

    public void Begun(ulong writeId) => Add(writeId);

    /// <summary>Another attempt of the write may come another way and is judged afresh; a repeat of this delivery is not.</summary>
    public void Refused(ulong writeId, long request) => Add(Delivery(writeId, request));

    /// <summary>As <see cref="Refused"/>: a repeat of this delivery must not be passed on as another one.</summary>
    public void PassedOn(ulong writeId, long request) => Add(Delivery(writeId, request));

    private static ulong Delivery(ulong writeId, long request) => writeId ^ ((ulong)request * 0x9E3779B97F4A7C15);

    private void Add(ulong id)
    {
        if (id == 0 || !_ids.Add(id)) return;
        _order.Enqueue(id);
        if (_order.Count > MaxIds) _ids.Remove(_order.Dequeue());
    }
}
