using Akka.Actor;
using Akka.Remote.Wire;

namespace Akka.Remote.Delivery;

/// <summary>A system message that waits for its acknowledgement.</summary>
internal sealed class UnackedMessage(ulong sequence, object message, RemoteActorRef recipient, OutboundEnvelope envelope)
{
    public ulong Sequence { get; } = sequence;

    public object Message { get; } = message;

    public RemoteActorRef Recipient { get; } = recipient;

    public OutboundEnvelope Envelope { get; } = envelope;

    /// <summary>It was written to a link at least once, so that a new link must send it again.</summary>
    public bool WasSent { get; set; }
}

/// <summary>
/// The sending half of reliable delivery to one incarnation of a peer: numbers system messages from 0, and keeps each until it is
/// acknowledged. Not thread safe.
/// </summary>
internal sealed class SystemOutbox(int capacity)
{
    private readonly LinkedList<UnackedMessage> _unacked = new();
    private ulong _next;

    public bool IsEmpty => _unacked.Count == 0;

    public bool IsFull => _unacked.Count >= capacity;

    public int Count => _unacked.Count;

    public IEnumerable<UnackedMessage> Unacked => _unacked;

    public UnackedMessage Add(object message, RemoteActorRef recipient, byte[] recipientPath, in SerializedMessage serialized)
    {
        var sequence = _next++;
        var entry = new UnackedMessage(sequence, message, recipient, new OutboundEnvelope(recipientPath, null, serialized, sequence));
        _unacked.AddLast(entry);
        return entry;
    }

    /// <summary>Forgets what was seen; gives what the peer asks for again.</summary>
    /// <returns>Null: the peer claims, or wants, what this outbox never sent or no longer has.</returns>
    public List<UnackedMessage>? Acknowledge(Acknowledgement ack)
    {
        if (ack.Cumulative >= _next)
            return null;
        var wanted = new HashSet<ulong>(ack.Nacks);
        var resend = new List<UnackedMessage>();
        for (var node = _unacked.First; node is not null && node.Value.Sequence <= ack.Cumulative;)
        {
            var following = node.Next;
            if (wanted.Remove(node.Value.Sequence))
                resend.Add(node.Value);
            else
                _unacked.Remove(node);
            node = following;
        }
        return wanted.Count == 0 ? resend : null;
    }
}
