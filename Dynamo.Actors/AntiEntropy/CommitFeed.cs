using System.Collections.Concurrent;
using Dynamo.Core.Storage;

namespace Dynamo.Actors.AntiEntropy;

/// <summary>
/// What the store has committed and the trees do not hold yet. Commits come by the thousand a second, and nobody needs the trees at once: whoever takes them in is
/// told once, and has time to let more gather.
/// </summary>
internal sealed class CommitFeed(Action tell)
{
    private readonly ConcurrentQueue<Committed> _waiting = new();
    private int _isTold;

    /// <summary>On the store's thread.</summary>
    public void Add(Committed committed)
    {
        _waiting.Enqueue(committed);
        if (Interlocked.Exchange(ref _isTold, 1) == 0) tell();
    }

    /// <summary>All that waits, in order; what comes from here on is told again.</summary>
    public IEnumerable<Committed> TakeAll()
    {
        Interlocked.Exchange(ref _isTold, 0);
        while (_waiting.TryDequeue(out var committed)) yield return committed;
    }
}
