using Akka.Remote.Wire;

namespace Akka.Remote.Delivery;

/// <summary>
/// The receiving half: delivers each system message of one incarnation of a peer once and in order. Not thread safe.
/// </summary>
internal sealed class SystemInbox
{
    private readonly SortedDictionary<ulong, SequencedMessage> _early = [];
    private ulong _expected;
    private ulong _highestSeen;
    private bool _any;

    /// <summary>True while something is missing before what was already seen.</summary>
    public bool HasGap => _early.Count > 0;

    /// <summary>
    /// Delivers the message and those that waited for it; or keeps it until the gap before it is closed; or drops a duplicate.
    /// </summary>
    public void Receive(ulong sequence, SequencedMessage message, Action<SequencedMessage> deliver)
    {
        _highestSeen = _any ? Math.Max(_highestSeen, sequence) : sequence;
        _any = true;
        if (sequence < _expected)
            return;
        if (sequence > _expected)
        {
            _early.TryAdd(sequence, message);
            return;
        }
        _expected++;
        deliver(message);
        while (_early.Remove(_expected, out var next))
        {
            _expected++;
            deliver(next);
        }
    }

    /// <summary>What to answer; null before the first message.</summary>
    public Acknowledgement? Acknowledge()
    {
        if (!_any)
            return null;
        var missing = new List<ulong>();
        if (HasGap)
        {
            for (var sequence = _expected; sequence <= _highestSeen && missing.Count < MaxNacks; sequence++)
            {
                if (!_early.ContainsKey(sequence))
                    missing.Add(sequence);
            }
        }
        // With more missing than one frame names, only what is named or lies below it is spoken of.
        var cumulative = missing.Count == MaxNacks ? missing[^1] : _highestSeen;
        return new Acknowledgement(cumulative, [.. missing]);
    }

    private const int MaxNacks = 1000;
}

/// <summary>A system message that may have to wait for another, so that it took its bytes along.</summary>
internal sealed record SequencedMessage(byte[] Recipient, byte[] Sender, byte[] Bytes, int SerializerId, byte[] Manifest);
