using Akka.Dispatch;

namespace Akka.Actor.Internal;

public abstract class AbstractStash : IStash
{
    private readonly ActorCell _cell;
    private readonly IDequeBasedMessageQueueSemantics _mailbox;
    private readonly LinkedList<Envelope> _stash = new();
    private int _lastStashed;

    /// <exception cref="NotSupportedException">The actor's mailbox takes no messages at its front.</exception>
    protected AbstractStash(IActorContext context)
    {
        _cell = (ActorCell)context;
        _mailbox = _cell.Mailbox.MessageQueue as IDequeBasedMessageQueueSemantics
            ?? throw new NotSupportedException(
                $"DequeBasedMailbox required, got: {_cell.Mailbox.MessageQueue.GetType().Name}\n"
                + "An (unbounded) deque-based mailbox can be configured as follows:\n"
                + "    my-custom-mailbox {\n        mailbox-type = \"Akka.Dispatch.UnboundedDequeBasedMailbox\"\n    }\n");
        Capacity = _cell.System.Mailboxes.StashCapacity(_cell.Props.Deploy.Dispatcher, _cell.Props.Deploy.Mailbox);
        if (_cell.Props.Deploy.StashCapacity != Deploy.NoStashSize)
            Capacity = _cell.Props.Deploy.StashCapacity;
    }

    public int Count => _stash.Count;

    public bool IsEmpty => _stash.Count == 0;

    public bool NonEmpty => _stash.Count > 0;

    public bool IsFull => Capacity >= 0 && _stash.Count >= Capacity;

    public virtual int Capacity { get; }

    public void Stash()
    {
        if (_cell.CurrentMessage is null)
            throw new IllegalActorStateException("There is no message to stash: none is being handled");
        if (_lastStashed == _cell.CurrentEnvelopeId)
            throw new IllegalActorStateException($"Can't stash the same message {_cell.CurrentMessage} more than once");
        if (IsFull)
            throw new StashOverflowException($"Couldn't enqueue message {_cell.CurrentMessage} to stash of {_cell.Self}");
        _lastStashed = _cell.CurrentEnvelopeId;
        _stash.AddLast(_cell.CurrentEnvelope);
    }

    public void Unstash()
    {
        if (_stash.First is not { } first)
            return;
        _stash.RemoveFirst();
        EnqueueFirst(first.Value);
    }

    public void UnstashAll()
    {
        while (_stash.Last is { } last)
        {
            _stash.RemoveLast();
            EnqueueFirst(last.Value);
        }
    }

    public void UnstashAll(Func<Envelope, bool> predicate)
    {
        while (_stash.Last is { } last)
        {
            _stash.RemoveLast();
            if (predicate(last.Value))
                EnqueueFirst(last.Value);
        }
    }

    public IEnumerable<Envelope> ClearStash()
    {
        var stashed = _stash.ToArray();
        _stash.Clear();
        return stashed;
    }

    public void Prepend(IEnumerable<Envelope> envelopes)
    {
        foreach (var envelope in envelopes.Distinct().Reverse())
            _stash.AddFirst(envelope);
    }

    private void EnqueueFirst(Envelope envelope)
    {
        _mailbox.EnqueueFirst(envelope);
        // A watched actor whose death is put aside with it is reported when it comes up again.
        if (envelope.Message is Terminated terminated)
            _cell.TerminatedQueuedFor(terminated.ActorRef, Akka.Util.Option<object>.None);
    }
}

public class UnboundedStashImpl : AbstractStash
{
    public UnboundedStashImpl(IActorContext context)
        : base(context)
    {
    }

    public override int Capacity => -1;
}

public class BoundedStashImpl : AbstractStash
{
    public BoundedStashImpl(IActorContext context)
        : base(context)
    {
    }
}
