using System.Collections.Immutable;

namespace Dynamo.Actors.Gossip;

/// <summary>The gossiper's current warnings for the operator. Each ends when its cause does, or some time after it was last renewed.</summary>
internal sealed class WarningBoard(Action<ImmutableArray<string>> changed)
{
    // A stranger that keeps changing its name must not fill the memory, or the status.
    private const int Max = 50;
    private readonly SortedDictionary<string, (string Text, long UntilMs)> _current = new(StringComparer.Ordinal);

    public bool IsEmpty => _current.Count == 0;

    /// <summary>Raises a warning in the place of the last one for the same subject, or renews it.</summary>
    /// <returns>True: it is news.</returns>
    public bool Raise(string subject, string text, long untilMs)
    {
        var isKnown = _current.TryGetValue(subject, out var known);
        if (!isKnown && _current.Count >= Max) return false;
        _current[subject] = (text, untilMs);
        if (isKnown && known.Text == text) return false;
        Publish();
        return true;
    }

    public void Clear(string subject)
    {
        if (_current.Remove(subject)) Publish();
    }

    public void Tick(long nowMs)
    {
        var over = _current.Where(w => w.Value.UntilMs <= nowMs).Select(w => w.Key).ToArray();
        foreach (var subject in over) _current.Remove(subject);
        if (over.Length > 0) Publish();
    }

    private void Publish() => changed([.. _current.Values.Select(w => w.Text).Distinct()]);
}
