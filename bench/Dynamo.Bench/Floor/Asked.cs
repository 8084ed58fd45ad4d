namespace Dynamo.Bench.Floor;

/// <summary>The requests that wait for each batch's answer. An answer names its batch and has one item for each of its items, in the same order.</summary>
internal sealed class Asked
{
    private readonly Dictionary<int, List<PendingRequest>> _closed = [];
    private readonly Stack<List<PendingRequest>> _spare = [];
    private List<PendingRequest> _open = [];
    private int _last;

    public void Add(PendingRequest request) => _open.Add(request);

    public int Close()
    {
        _closed[++_last] = _open;
        _open = _spare.TryPop(out var spare) ? spare : [];
        return _last;
    }

    public void Answered(int number, Action<PendingRequest> each)
    {
        if (!_closed.Remove(number, out var waiting)) return;
        foreach (var request in waiting) each(request);
        waiting.Clear();
        _spare.Push(waiting);
    }
}

/// <summary>A client's request in flight at its coordinator.</summary>
/// <param name="Value">For a get: the coordinator's own value.</param>
internal sealed class PendingRequest(Connection client, int id, byte[]? value)
{
    public Connection Client { get; } = client;

    public int Id { get; } = id;

    public byte[]? Value { get; } = value;

    public int Acks { get; set; }
}
