using Akka.Dispatch.MessageQueues;

namespace Akka.Dispatch;

public interface ISemantics
{
}

public interface IUnboundedMessageQueueSemantics : ISemantics
{
}

public interface IBoundedMessageQueueSemantics : ISemantics
{
    TimeSpan PushTimeOut { get; }
}

public interface IDequeBasedMessageQueueSemantics : ISemantics
{
    void EnqueueFirst(Actor.Envelope envelope);
}

public interface IUnboundedDequeBasedMessageQueueSemantics : IDequeBasedMessageQueueSemantics, IUnboundedMessageQueueSemantics
{
}

public interface IBoundedDequeBasedMessageQueueSemantics : IDequeBasedMessageQueueSemantics, IBoundedMessageQueueSemantics
{
}

public interface IMultipleConsumerSemantics : ISemantics
{
}

/// <summary>Put on an actor: its mailbox must have a queue of these semantics.</summary>
public interface IRequiresMessageQueue<T>
    where T : ISemantics
{
}

/// <summary>Put on a mailbox type: its queues are of this type.</summary>
public interface IProducesMessageQueue<TQueue>
    where TQueue : IMessageQueue
{
}

public interface IProducesPushTimeoutSemanticsMailbox
{
    TimeSpan PushTimeout { get; }
}

/// <summary>Something a dispatcher can run.</summary>
public interface IRunnable : IThreadPoolWorkItem
{
    void Run();
}

public sealed class ActionRunnable : IRunnable
{
    private readonly Action _action;

    public ActionRunnable(Action action) => _action = action;

    public void Run() => _action();

    public void Execute() => _action();
}

public sealed class ActionWithStateRunnable : IRunnable
{
    private readonly Action<object> _actionWithState;
    private readonly object _state;

    public ActionWithStateRunnable(Action<object> actionWithState, object state)
    {
        _actionWithState = actionWithState;
        _state = state;
    }

    public void Run() => _actionWithState(_state);

    public void Execute() => _actionWithState(_state);
}
