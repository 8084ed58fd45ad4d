using Akka.Actor;

namespace Akka.Dispatch.MessageQueues;

/// <summary>
/// A queue with any number of producers and one consumer, in segments of slots. A producer takes a slot by one
/// atomic increment; the consumer needs none. An idle actor's queue is one small segment.
/// </summary>
internal sealed class EnvelopeQueue
{
    private const int FirstSegment = 8;
    private const int LargestSegment = 512;

    private Segment _tail;
    private Segment _head;

    public EnvelopeQueue()
    {
        _tail = _head = new Segment(FirstSegment);
    }

    /// <summary>Counts a message from the moment its producer has taken a slot, even if it is not readable yet.</summary>
    public bool IsEmpty
    {
        get
        {
            var head = Volatile.Read(ref _head);
            return head.IsDrained && Volatile.Read(ref head.Next) is null;
        }
    }

    /// <summary>Exact only while nothing is added or taken.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            for (var segment = Volatile.Read(ref _head); segment is not null; segment = Volatile.Read(ref segment.Next))
                count += segment.Count;
            return count;
        }
    }

    public void Enqueue(in Envelope envelope)
    {
        while (true)
        {
            var tail = Volatile.Read(ref _tail);
            var index = Interlocked.Increment(ref tail.Taken) - 1;
            if ((uint)index < (uint)tail.Slots.Length)
            {
                ref var slot = ref tail.Slots[index];
                slot.Sender = envelope.Sender;
                // The message tells the consumer that the slot is complete.
                Volatile.Write(ref slot.Message, envelope.Message);
                return;
            }

            Grow(tail);
        }
    }

    /// <summary>False when there is none, or the next one's producer has not finished.</summary>
    public bool TryDequeue(out Envelope envelope)
    {
        var head = _head;
        var index = head.Read;
        if (index == head.Slots.Length)
        {
            if (Volatile.Read(ref head.Next) is not { } next)
            {
                envelope = default;
                return false;
            }

            head = next;
            Volatile.Write(ref _head, next);
            index = 0;
        }

        ref var slot = ref head.Slots[index];
        if (Volatile.Read(ref slot.Message) is not { } message)
        {
            envelope = default;
            return false;
        }

        envelope = new Envelope(message, slot.Sender!);
        slot = default;
        head.Read = index + 1;
        return true;
    }

    private void Grow(Segment full)
    {
        if (Volatile.Read(ref full.Next) is not { } next)
        {
            var fresh = new Segment(Math.Min(full.Slots.Length * 2, LargestSegment));
            next = Interlocked.CompareExchange(ref full.Next, fresh, null) ?? fresh;
        }

        Interlocked.CompareExchange(ref _tail, next, full);
    }

    private struct Slot
    {
        public object? Message;
        public IActorRef? Sender;
    }

    private sealed class Segment(int length)
    {
        public readonly Slot[] Slots = new Slot[length];
        public Segment? Next;

        /// <summary>How many slots producers have asked for; it may exceed the length.</summary>
        public int Taken;

        /// <summary>How many slots the consumer is done with.</summary>
        public int Read;

        public bool IsDrained => Volatile.Read(ref Read) >= Math.Min(Volatile.Read(ref Taken), Slots.Length);

        public int Count => Math.Max(0, Math.Min(Volatile.Read(ref Taken), Slots.Length) - Volatile.Read(ref Read));
    }
}
