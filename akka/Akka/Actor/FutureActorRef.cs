using Akka.Actor.Internal;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// The sender of an Ask: takes one reply and completes a task with it, on the default dispatcher. It has a name,
/// and a place under /temp, from the moment somebody asks for its path, which no local exchange does.
/// </summary>
public class FutureActorRef<T> : MinimalActorRef, IRunnable
{
    private const int Open = 0;
    private const int Settled = 1;

    private readonly TaskCompletionSource<T> _result;
    private readonly IActorRefProvider _provider;
    private readonly Lock _pathLock = new();
    private ActorPath? _path;
    private object? _outcome;
    private ICancelable? _timer;
    private CancellationTokenRegistration _cancellation;
    private TimeSpan _timeout;
    private int _state;

    public FutureActorRef(TaskCompletionSource<T> result, ActorPath path, IActorRefProvider provider)
    {
        _result = result;
        _path = path;
        _provider = provider;
    }

    internal FutureActorRef(TaskCompletionSource<T> result, IActorRefProvider provider)
    {
        _result = result;
        _provider = provider;
    }

    public override ActorPath Path => _path ?? TakePath();

    public override IActorRefProvider Provider => _provider;

    public override bool IsTerminated => Volatile.Read(ref _state) != Open;

    public override bool Equals(object? obj) => ReferenceEquals(this, obj) || (_path is not null && base.Equals(obj));

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    public override void SendSystemMessage(Dispatch.SysMsg.ISystemMessage message)
    {
        if (message is Dispatch.SysMsg.Watch watch && IsTerminated && !watch.Watcher.Equals(this))
            watch.Watcher.SendSystemMessage(new Dispatch.SysMsg.DeathWatchNotification(this, existenceConfirmed: true, addressTerminated: false));
    }

    /// <summary>Sends the question, with this as the sender.</summary>
    public virtual void DeliverAsk(object message, ICanTell destination) => destination.Tell(message, this);

    /// <summary>Completes the task; runs on the dispatcher.</summary>
    void IRunnable.Run() => Complete();

    void IThreadPoolWorkItem.Execute() => Complete();

    /// <summary>Gives up after a timeout, unless it is infinite, and when the token is canceled.</summary>
    internal void Limit(TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (timeout > TimeSpan.Zero)
        {
            _timeout = timeout;
            _timer = _provider.Settings.System.Scheduler.RunOnceLater(timeout, new TimeoutRunnable(this));
        }

        if (cancellationToken.CanBeCanceled)
            _cancellation = cancellationToken.Register(static state => ((FutureActorRef<T>)state!).Settle(new Canceled()), this);
        // What settled this before the timer and the registration were in place could not call them off.
        if (IsTerminated)
            ReleaseLimits();
    }

    protected override void TellInternal(object message, IActorRef sender)
    {
        if (message is Dispatch.SysMsg.ISystemMessage)
            throw new InvalidMessageException($"system message of type '{message.GetType().Name}' is invalid for {GetType().Name}");
        if (!Settle(message))
            _provider.DeadLetters.Tell(new DeadLetter(message, sender ?? _provider.DeadLetters, this), sender!);
    }

    private bool Settle(object? outcome)
    {
        if (Volatile.Read(ref _state) != Open || Interlocked.CompareExchange(ref _state, Settled, Open) != Open)
            return false;
        _outcome = outcome;
        ReleaseLimits();
        if (_path is not null)
            Unregister();
        _provider.Settings.System.Dispatchers.DefaultGlobalDispatcher.Schedule(this);
        return true;
    }

    private void ReleaseLimits()
    {
        _timer?.Cancel();
        _cancellation.Dispose();
    }

    private void Complete()
    {
        // Who awaits the reply goes on in here, and is not part of the turn of an actor that a dispatcher may be in.
        var turn = InternalCurrentActorCellKeeper.Current;
        InternalCurrentActorCellKeeper.Current = null!;
        try
        {
            CompleteOutsideOfTurns();
        }
        finally
        {
            InternalCurrentActorCellKeeper.Current = turn;
        }
    }

    private void CompleteOutsideOfTurns()
    {
        switch (_outcome)
        {
            case T reply:
                _result.TrySetResult(reply);
                break;
            case null:
                _result.TrySetResult(default!);
                break;
            case TimedOut:
                _result.TrySetException(new AskTimeoutException($"Timeout after {_timeout} seconds"));
                break;
            case Canceled:
                _result.TrySetCanceled();
                break;
            case Status.Failure failure:
                _result.TrySetException(failure.Cause ?? new TaskCanceledException("Task cancelled by actor via Failure message."));
                break;
            case Failure failure:
                _result.TrySetException(failure.Exception ?? new TaskCanceledException("Task cancelled by actor via Failure message."));
                break;
            case var other:
                _result.TrySetException(new ArgumentException(
                    $"Received message of type [{other.GetType()}] - Ask expected message of type [{typeof(T)}]"));
                break;
        }
    }

    private ActorPath TakePath()
    {
        lock (_pathLock)
        {
            if (_path is not null)
                return _path;
            var path = _provider.TempPath();
            if (!IsTerminated)
                _provider.RegisterTempActor(this, path);
            Volatile.Write(ref _path, path);
        }

        if (IsTerminated)
            Unregister();
        return _path;
    }

    private void Unregister() => _provider.UnregisterTempActor(_path!);

    private sealed class TimedOut;

    private sealed class Canceled;

    private sealed class TimeoutRunnable(FutureActorRef<T> future) : IRunnable
    {
        public void Run() => future.Settle(new TimedOut());

        public void Execute() => Run();
    }
}

/// <summary>A failure as a message; an Ask that is answered with it fails.</summary>
public class Failure
{
    public Exception Exception { get; set; } = null!;

    public DateTime Timestamp { get; set; }
}
