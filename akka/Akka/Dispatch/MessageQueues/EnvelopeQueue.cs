using System.Runtime.InteropServices;
using Akka.Actor;

namespace Akka.Dispatch.MessageQueues;

/// <summary>
/// A queue with any number of producers and one consumer, in segments of slots. A producer takes a slot by one
/// atomic increment; the consumer needs none. The slots of a segment that has been read to its end so far are used
/// again, so that an actor which keeps up with its messages stays with its first, small segment.
/// </summary>
[StructLayout(LayoutKind.Explicit)]
internal sealed class EnvelopeQueue
{
    private const int FirstSegment = 8;
    private const int LargestSegment = 128;

    /// <summary>From so many slots read on they are used again, if none is left to read.</summary>
    private const int ReuseFrom = 4;

    [FieldOffset(0)]
    private Segment _tail;

    // The consumer's own part, on another cache line than what producers read.
    [FieldOffset(64)]
    private Segment _head;

    /// <summary>How many slots of the head the consumer is done with.</summary>
    [FieldOffset(72)]
    private int _read;

    public EnvelopeQueue() => _tail = _head = new Segment(FirstSegment);

    /// <summary>Counts a message from the moment its producer has taken a slot, even if it is not readable yet.</summary>
    public bool IsEmpty
    {
        get
        {
            var head = Volatile.Read(ref _head);
            return Volatile.Read(ref _read) >= head.TakenSlots && Volatile.Read(ref head.Next) is null;
        }
    }

    /// <summary>Exact only while nothing is added or taken.</summary>
    public int Count
    {
        get
        {
            var count = -Volatile.Read(ref _read);
            for (var segment = Volatile.Read(ref _head); segment is not null; segment = Volatile.Read(ref segment.Next))
                count += segment.TakenSlots;
            return Math.Max(0, count);
        }
    }

    public void Enqueue(in Envelope envelope)
    {
        while (true)
        {
            var tail = Volatile.Read(ref _tail);
            var slots = tail.Slots;
            var index = Interlocked.Increment(ref tail.Taken) - 1;
            if ((uint)index < (uint)slots.Length)
            {
                ref var slot = ref slots[index];
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
        var slots = _head.Slots;
        var index = _read;
        if (index == slots.Length)
        {
            if (!MoveToNext())
            {
                envelope = default;
                return false;
            }

            slots = _head.Slots;
            index = 0;
        }

        ref var slot = ref slots[index];
        if (Volatile.Read(ref slot.Message) is not { } message)
        {
            if (index >= ReuseFrom)
                ReuseSlots(index);
            envelope = default;
            return false;
        }

        envelope = new Envelope(message, slot.Sender!);
        slot = default;
        Volatile.Write(ref _read, index + 1);
        return true;
    }

    private bool MoveToNext()
    {
        var head = _head;
        if (Volatile.Read(ref head.Next) is not { } next)
        {
            ReuseSlots(_read);
            return false;
        }

        // A reader of both may see the new head with the old count, and take it for drained, but only while the consumer is at work.
        Volatile.Write(ref _head, next);
        Volatile.Write(ref _read, 0);
        return true;
    }

    /// <summary>If nobody has asked for more slots than have been read, the next producer gets the first one again.</summary>
    private void ReuseSlots(int read)
    {
        var head = _head;
        if (Volatile.Read(ref head.Taken) != read)
            return;
        _read = 0;
        if (Interlocked.CompareExchange(ref head.Taken, 0, read) != read)
            Volatile.Write(ref _read, read);
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

        /// <summary>How many slots producers have asked for; more than there are once the segment is full.</summary>
        public int Taken;

        public int TakenSlots => Math.Min(Volatile.Read(ref Taken), Slots.Length);
    }
}
