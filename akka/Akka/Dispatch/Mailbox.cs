using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Dispatch.MessageQueues;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Dispatch;

/// <summary>
/// An actor's queue of user messages and its queue of system messages, with the one word of state that
/// decides who may run them: at most one thread at a time.
/// </summary>
public class Mailbox : IRunnable
{
    private const int Closed = 1;
    private const int Scheduled = 2;
    private const int Awaiting = 4;
    private const int SuspendUnit = 8;

    private static readonly NoMessage ClosedMarker = new();

    private readonly EnvelopeQueue? _plainQueue;
    private ActorCell? _actor;
    private int _status;

    /// <summary>A stack of the newest system messages; <see cref="ClosedMarker"/> once the mailbox takes no more.</summary>
    private SystemMessage? _systemQueue;

    public Mailbox(IMessageQueue messageQueue)
    {
        MessageQueue = messageQueue;
        _plainQueue = messageQueue.GetType() == typeof(UnboundedMessageQueue) ? ((UnboundedMessageQueue)messageQueue).Queue : null;
    }

    public IMessageQueue MessageQueue { get; }

    public MessageDispatcher Dispatcher => _actor!.Dispatcher;

    internal bool IsClosed => (Volatile.Read(ref _status) & Closed) != 0;

    internal bool IsSuspended => SuspendCount > 0;

    internal int SuspendCount => Volatile.Read(ref _status) / SuspendUnit;

    internal bool HasSystemMessages => Volatile.Read(ref _systemQueue) is { } queue && queue != ClosedMarker;

    private bool HasUserMessages => _plainQueue is null ? MessageQueue.HasMessages : !_plainQueue.IsEmpty;

    private bool MayRunUserMessages => (Volatile.Read(ref _status) & ~Scheduled) == 0;

    public void Run()
    {
        var actor = _actor!;
        var previous = InternalCurrentActorCellKeeper.Current;
        InternalCurrentActorCellKeeper.Current = actor;
        var turn = TurnEnd.Enter();
        try
        {
            if (!IsClosed)
            {
                ProcessAllSystemMessages();
                ProcessUserMessages(actor);
            }
        }
        finally
        {
            InternalCurrentActorCellKeeper.Current = previous;
            Interlocked.And(ref _status, ~Scheduled);
            actor.Dispatcher.RegisterForExecution(this, hasMessageHint: false, hasSystemMessageHint: false);
            turn.Dispose();
        }
    }

    void IThreadPoolWorkItem.Execute() => Run();

    public virtual void SetActor(ActorCell actorCell) => _actor = actorCell;

    /// <summary>Turns what is left in a closed mailbox into dead letters.</summary>
    public virtual void CleanUp()
    {
        var actor = _actor;
        if (actor is null)
            return;
        var deadLetters = actor.SystemImpl.Mailboxes.DeadLetterMailbox;
        var self = actor.SelfInternal;
        for (var message = DrainSystemQueue(ClosedMarker); message is not null;)
        {
            var next = message.Next;
            message.Unlink();
            deadLetters.SystemEnqueue(self, message);
            message = next;
        }

        // Several threads may find the mailbox closed behind what they put in; one at a time takes it out.
        lock (ClosingLock)
            MessageQueue.CleanUp(self, deadLetters.MessageQueue);
    }

    internal void Enqueue(IActorRef receiver, Envelope envelope)
    {
        if (_plainQueue is not null)
            _plainQueue.Enqueue(envelope);
        else
            MessageQueue.Enqueue(receiver, envelope);
    }

    internal virtual void SystemEnqueue(IActorRef receiver, SystemMessage message)
    {
        while (true)
        {
            var head = Volatile.Read(ref _systemQueue);
            if (head == ClosedMarker)
            {
                message.Unlink();
                _actor!.SystemImpl.Mailboxes.DeadLetterMailbox.SystemEnqueue(receiver, message);
                return;
            }

            message.Next = head;
            if (Interlocked.CompareExchange(ref _systemQueue, message, head) == head)
                return;
        }
    }

    internal bool CanBeScheduled(bool hasMessageHint, bool hasSystemMessageHint)
    {
        var status = Volatile.Read(ref _status);
        if ((status & (Closed | Scheduled)) != 0)
            return false;
        if (hasSystemMessageHint || HasSystemMessages)
            return true;
        return status == 0 && (hasMessageHint || HasUserMessages);
    }

    /// <summary>True when the mailbox was idle and is now the caller's to have run.</summary>
    internal bool SetAsScheduled()
    {
        while (true)
        {
            var status = Volatile.Read(ref _status);
            if ((status & (Closed | Scheduled)) != 0)
                return false;
            if (Interlocked.CompareExchange(ref _status, status | Scheduled, status) == status)
                return true;
        }
    }

    internal void SetAsIdle() => Interlocked.And(ref _status, ~Scheduled);

    internal void Suspend() => Interlocked.Add(ref _status, SuspendUnit);

    internal void Resume()
    {
        while (true)
        {
            var status = Volatile.Read(ref _status);
            if (status < SuspendUnit || Interlocked.CompareExchange(ref _status, status - SuspendUnit, status) == status)
                return;
        }
    }

    internal void SetAwaiting(bool awaiting)
    {
        if (awaiting)
            Interlocked.Or(ref _status, Awaiting);
        else
            Interlocked.And(ref _status, ~Awaiting);
    }

    internal void BecomeClosed() => Interlocked.Or(ref _status, Closed);

    private protected void StartClosed() => _status = Closed;

    private object ClosingLock => MessageQueue;

    private void ProcessUserMessages(ActorCell actor)
    {
        var left = Dispatcher.Throughput;
        var deadline = Dispatcher.NextDeadline();
        while (MayRunUserMessages && TryDequeue(out var envelope))
        {
            actor.Invoke(envelope);
            if (HasSystemMessages)
                ProcessAllSystemMessages();
            if (--left <= 0 || (deadline > 0 && Dispatcher.IsPast(deadline)))
                return;
        }
    }

    private bool TryDequeue(out Envelope envelope) =>
        _plainQueue is null ? MessageQueue.TryDequeue(out envelope) : _plainQueue.TryDequeue(out envelope);

    private void ProcessAllSystemMessages()
    {
        while (HasSystemMessages)
        {
            var message = DrainSystemQueue(null);
            while (message is not null)
            {
                var next = message.Next;
                message.Unlink();
                if (IsClosed)
                    _actor!.SystemImpl.Mailboxes.DeadLetterMailbox.SystemEnqueue(_actor.SelfInternal, message);
                else
                    _actor!.SystemInvoke(message);
                message = next;
            }
        }
    }

    /// <summary>Takes all system messages, oldest first, and leaves <paramref name="rest"/> in their place.</summary>
    private SystemMessage? DrainSystemQueue(SystemMessage? rest)
    {
        var newest = Interlocked.Exchange(ref _systemQueue, rest);
        SystemMessage? oldest = null;
        while (newest is not null && newest != ClosedMarker)
        {
            var next = newest.Next;
            newest.Next = oldest;
            oldest = newest;
            newest = next;
        }

        return oldest;
    }
}
