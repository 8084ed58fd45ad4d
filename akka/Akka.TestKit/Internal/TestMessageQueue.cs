using System.Collections.Concurrent;

namespace Akka.TestKit.Internal;

/// <summary>What a test actor received and the test has not yet taken. One reader at a time.</summary>
internal sealed class TestMessageQueue
{
    private readonly ConcurrentQueue<MessageEnvelope> _messages = new();
    private readonly SemaphoreSlim _available = new(0);

    public bool IsEmpty => _messages.IsEmpty;

    public void Enqueue(MessageEnvelope envelope)
    {
        _messages.Enqueue(envelope);
        _available.Release();
    }

    /// <param name="timeout">Zero does not wait, <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.</param>
    /// <param name="peek">Leaves the message in the queue.</param>
    /// <param name="blocking">Waits in the calling thread, so the task is complete when it is returned.</param>
    /// <returns>Null if the time ran out.</returns>
    public async ValueTask<MessageEnvelope?> TakeAsync(TimeSpan timeout, bool peek, bool blocking, CancellationToken cancellationToken)
    {
        var any = blocking ? _available.Wait(timeout, cancellationToken) : await _available.WaitAsync(timeout, cancellationToken);
        if (!any) return null;
        if (!peek) return _messages.TryDequeue(out var taken) ? taken : null;
        _available.Release();
        return _messages.TryPeek(out var next) ? next : null;
    }

    public IReadOnlyList<MessageEnvelope> Drain()
    {
        var drained = new List<MessageEnvelope>();
        while (_available.Wait(0) && _messages.TryDequeue(out var envelope)) drained.Add(envelope);
        return drained;
    }
}
