namespace Dynamo.Bench.Floor;

/// <summary>Who waits for the items of a batch: an answer names its batch and has one item for each of the batch's, in the same order.</summary>
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

/// <summary>A client's request that its coordinator has under way.</summary>
/// <param name="Value">The coordinator's own, for a get.</param>
internal sealed class PendingRequest(Connection client, int id, byte[]? value)
{
    public Connection Client { get; } = client;

    public int Id { get; } = id;

    public byte[]? Value { get; } = value;

    public int Acks { get; set; }
}
