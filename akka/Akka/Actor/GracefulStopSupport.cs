using Akka.Dispatch;
using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

public static class GracefulStopSupport
{
    public static Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout) => target.GracefulStop(timeout, PoisonPill.Instance);

    /// <summary>Sends a message that is to make an actor stop; true once it has, canceled if it does not in time.</summary>
    public static Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout, object stopMessage)
    {
        var watcher = new DeathWatcher((IInternalActorRef)target);
        watcher.Start(timeout, CancellationToken.None);
        target.Tell(stopMessage, ActorRefs.NoSender);
        return watcher.Done;
    }
}

public static class WatchAsyncSupport
{
    /// <summary>True once the actor has died; false when the token is canceled before.</summary>
    public static Task<bool> WatchAsync(this IActorRef target, CancellationToken token = default)
    {
        if (target is not IInternalActorRef actor)
            throw new InvalidOperationException($"{target} is not an {typeof(IInternalActorRef)} and cannot be death-watched");
        var watcher = new DeathWatcher(actor, falseIfCanceled: true);
        watcher.Start(null, token);
        return watcher.Done;
    }
}

/// <summary>A watcher without an actor: completes a task, on the default dispatcher, when the watched one dies.</summary>
internal sealed class DeathWatcher : MinimalActorRef, IRunnable
{
    private readonly IInternalActorRef _target;
    private readonly bool _falseIfCanceled;
    private readonly TaskCompletionSource<bool> _done = new();
    private ICancelable? _timer;
    private CancellationTokenRegistration _cancellation;
    private bool _died;
    private int _settled;

    public DeathWatcher(IInternalActorRef target, bool falseIfCanceled = false)
    {
        _target = target;
        _falseIfCanceled = falseIfCanceled;
        Path = target.Provider.TempPath();
    }

    public override ActorPath Path { get; }

    public override IActorRefProvider Provider => _target.Provider;

    public Task<bool> Done => _done.Task;

    public void Start(TimeSpan? timeout, CancellationToken token)
    {
        Provider.RegisterTempActor(this, Path);
        _target.SendSystemMessage(new Watch(_target, this));
        if (timeout is { } limit && limit > TimeSpan.Zero)
            _timer = Provider.Settings.System.Scheduler.RunOnceLater(limit, new ActionRunnable(GiveUp));
        if (token.CanBeCanceled)
            _cancellation = token.Register(static state => ((DeathWatcher)state!).GiveUp(), this);
        if (Volatile.Read(ref _settled) != 0)
            ReleaseLimits();
    }

    public override void SendSystemMessage(ISystemMessage message)
    {
        if (message is DeathWatchNotification notification && notification.Actor.Equals(_target))
            Settle(died: true);
    }

    public void Run()
    {
        if (_died || _falseIfCanceled)
            _done.TrySetResult(_died);
        else
            _done.TrySetCanceled();
    }

    public void Execute() => Run();

    private void GiveUp()
    {
        if (Settle(died: false))
            _target.SendSystemMessage(new Unwatch(_target, this));
    }

    private bool Settle(bool died)
    {
        if (Interlocked.Exchange(ref _settled, 1) != 0)
            return false;
        _died = died;
        ReleaseLimits();
        Provider.UnregisterTempActor(Path);
        Provider.Settings.System.Dispatchers.DefaultGlobalDispatcher.Schedule(this);
        return true;
    }

    private void ReleaseLimits()
    {
        _timer?.Cancel();
        _cancellation.Dispose();
    }
}
