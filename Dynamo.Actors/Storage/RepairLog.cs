using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Actors.Storage;

/// <summary>When and how a key was last repaired, by anything but a client's write; remembers the last ten thousand keys.</summary>
internal sealed class RepairLog
{
    private const int Max = 10_000;
    private readonly Dictionary<StorageKey, (TimeSpan At, WriteCause Cause)> _last = [];
    private readonly Queue<StorageKey> _order = [];

    public void Note(WriteBatch writes, TimeSpan now)
    {
        foreach (var item in writes.Items)
        {
            if (item.Cause == WriteCause.Put) continue;
            if (!_last.ContainsKey(item.Key)) _order.Enqueue(item.Key);
            _last[item.Key] = (now, item.Cause);
            if (_order.Count > Max) _last.Remove(_order.Dequeue());
        }
    }

    /// <returns>Milliseconds since the repair, or -1 for never; and its cause.</returns>
    public (long AgoMs, WriteCause Cause) LastOf(StorageKey key, TimeSpan now) =>
        _last.TryGetValue(key, out var last) ? ((long)(now - last.At).TotalMilliseconds, last.Cause) : (-1, WriteCause.Put);
}
