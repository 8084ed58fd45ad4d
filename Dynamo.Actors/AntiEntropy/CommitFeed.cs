using System.Collections.Concurrent;
using Dynamo.Core.Storage;

namespace Dynamo.Actors.AntiEntropy;

/// <summary>
/// Commits of the store that the trees do not include yet. They come by the thousand a second and the trees need not be current, so the consumer is
/// notified only once per batch and can let more accumulate.
/// </summary>
internal sealed class CommitFeed(Action tell)
{
    private readonly ConcurrentQueue<Committed> _waiting = new();
    private int _isTold;

    /// <summary>Called on the store's thread.</summary>
    public void Add(Committed committed)
    {
        _waiting.Enqueue(committed);
        if (Interlocked.Exchange(ref _isTold, 1) == 0) tell();
    }

    /// <summary>Takes all waiting commits, in order; the next one to arrive notifies again.</summary>
    public IEnumerable<Committed> TakeAll()
    {
        Interlocked.Exchange(ref _isTold, 0);
        while (_waiting.TryDequeue(out var committed)) yield return committed;
    }
}
