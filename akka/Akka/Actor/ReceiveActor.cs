using Akka.Actor.Internal;

namespace Akka.Actor;

/// <summary>An actor whose protocol is a list of handlers by message type; the first that fits takes the message.</summary>
public abstract class ReceiveActor : UntypedActor, IInitializableActor
{
    private HandlerTable? _configuring = new();
    private bool _becameInConstructor;

    void IInitializableActor.Init()
    {
        // A Become of the constructor is in force already; without one, the constructor's own handlers are.
        var handlers = _configuring;
        _configuring = null;
        if (handlers is not null && !_becameInConstructor)
            base.Become(ReceiverOf(handlers));
    }

    protected sealed override void OnReceive(object message)
    {
    }

    protected void Become(Action configure)
    {
        base.Become(ReceiverOf(Configure(configure)));
        _becameInConstructor = true;
    }

    protected void BecomeStacked(Action configure) => base.BecomeStacked(ReceiverOf(Configure(configure)));

    protected void Receive<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
        Table.Add(typeof(T), message =>
        {
            var typed = (T)message;
            if (shouldHandle is not null && !shouldHandle(typed))
                return false;
            handler(typed);
            return true;
        });

    protected void Receive<T>(Predicate<T> shouldHandle, Action<T> handler) => Receive(handler, shouldHandle);

    protected void Receive<T>(Func<T, bool> handler) => Table.Add(typeof(T), message => handler((T)message));

    protected void Receive(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) =>
        Table.Add(messageType, message =>
        {
            if (shouldHandle is not null && !shouldHandle(message))
                return false;
            handler(message);
            return true;
        });

    protected void Receive(Type messageType, Predicate<object> shouldHandle, Action<object> handler) => Receive(messageType, handler, shouldHandle);

    protected void Receive(Type messageType, Func<object, bool> handler) => Table.Add(messageType, handler);

    protected void ReceiveAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null) =>
        Receive(message => RunTask(() => handler(message)), shouldHandle);

    protected void ReceiveAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) => ReceiveAsync(handler, shouldHandle);

    protected void ReceiveAsync(Type messageType, Func<object, Task> handler, Predicate<object>? shouldHandle = null) =>
        Receive(messageType, message => RunTask(() => handler(message)), shouldHandle);

    protected void ReceiveAsync(Type messageType, Predicate<object> shouldHandle, Func<object, Task> handler) =>
        ReceiveAsync(messageType, handler, shouldHandle);

    /// <summary>Takes whatever no earlier handler took; no handler can be added after it.</summary>
    protected void ReceiveAny(Action<object> handler) => Table.AddLast(message =>
    {
        handler(message);
        return true;
    });

    protected void ReceiveAnyAsync(Func<object, Task> handler) => ReceiveAny(message => RunTask(() => handler(message)));

    private HandlerTable Table => _configuring ?? throw new InvalidOperationException(
        "You may only call Receive-methods when constructing the actor and inside Become().");

    private HandlerTable Configure(Action configure)
    {
        var outer = _configuring;
        var table = new HandlerTable();
        _configuring = table;
        try
        {
            configure();
        }
        finally
        {
            _configuring = outer;
        }

        return table;
    }

    private Receive ReceiverOf(HandlerTable handlers) => message =>
    {
        if (!handlers.Handle(message))
            Unhandled(message);
        return true;
    };

    /// <summary>The handlers in their order, and for each type of message met so far those of them that may fit.</summary>
    private sealed class HandlerTable
    {
        private readonly List<(Type Type, Func<object, bool> Handler)> _handlers = [];
        private readonly Dictionary<Type, Func<object, bool>[]> _byType = [];
        private bool _complete;
        private Type? _lastType;
        private Func<object, bool>[] _lastHandlers = [];

        public void Add(Type type, Func<object, bool> handler)
        {
            ArgumentNullException.ThrowIfNull(handler);
            if (_complete)
                throw new InvalidOperationException("A handler that catches all messages has been added. No handler can be added after that.");
            _handlers.Add((type, handler));
            _byType.Clear();
            _lastType = null;
        }

        public void AddLast(Func<object, bool> handler)
        {
            Add(typeof(object), handler);
            _complete = true;
        }

        public bool Handle(object message)
        {
            var type = message.GetType();
            if (type != _lastType)
            {
                _lastHandlers = HandlersFor(type);
                _lastType = type;
            }

            foreach (var handler in _lastHandlers)
            {
                if (handler(message))
                    return true;
            }

            return false;
        }

        private Func<object, bool>[] HandlersFor(Type type)
        {
            if (!_byType.TryGetValue(type, out var handlers))
            {
                handlers = [.. _handlers.Where(entry => entry.Type.IsAssignableFrom(type)).Select(entry => entry.Handler)];
                _byType.Add(type, handlers);
            }

            return handlers;
        }
    }
}
