namespace Akka.Actor;

/// <summary>Timers of an actor by key. A new one replaces the old one of its key; all end with the actor or its restart.</summary>
public interface ITimerScheduler
{
    IReadOnlyCollection<object> ActiveTimers { get; }

    void StartPeriodicTimer(object key, object msg, TimeSpan interval);

    void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef sender);

    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval);

    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef sender);

    void StartSingleTimer(object key, object msg, TimeSpan timeout);

    void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef sender);

    bool IsTimerActive(object key);

    /// <summary>After this no message of the timer is delivered, not even one that is in the mailbox already.</summary>
    void Cancel(object key);

    void CancelAll();
}

public interface IWithTimers
{
    ITimerScheduler Timers { get; set; }
}

/// <summary>A timer's message on its way: counts only as long as its timer is the one in force.</summary>
internal class TimerMessage(TimerScheduler owner, TimerScheduler.Entry entry) : IAutoReceivedMessage, INoSerializationVerificationNeeded, Event.IDeadLetterSuppression
{
    public TimerScheduler Owner { get; } = owner;

    public TimerScheduler.Entry Entry { get; } = entry;

    public override string ToString() => $"TimerMsg({Entry.Key}, {Entry.Message})";
}

internal sealed class UninfluentialTimerMessage(TimerScheduler owner, TimerScheduler.Entry entry)
    : TimerMessage(owner, entry), INotInfluenceReceiveTimeout;

internal sealed class TimerScheduler(ActorCell cell) : ITimerScheduler
{
    private readonly Dictionary<object, Entry> _timers = [];

    public IReadOnlyCollection<object> ActiveTimers => _timers.Keys;

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval) =>
        Start(key, msg, interval, interval, ActorRefs.NoSender);

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef sender) =>
        Start(key, msg, interval, interval, sender);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval) =>
        Start(key, msg, initialDelay, interval, ActorRefs.NoSender);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef sender) =>
        Start(key, msg, initialDelay, interval, sender);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout) => Start(key, msg, timeout, null, ActorRefs.NoSender);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef sender) => Start(key, msg, timeout, null, sender);

    public bool IsTimerActive(object key) => _timers.ContainsKey(key);

    public void Cancel(object key)
    {
        if (_timers.Remove(key, out var entry))
            entry.Task.Cancel();
    }

    public void CancelAll()
    {
        foreach (var entry in _timers.Values)
            entry.Task.Cancel();
        _timers.Clear();
    }

    /// <summary>The user's message, unless the timer it came from was canceled or replaced meanwhile.</summary>
    public bool TryTake(TimerMessage timer, out object message)
    {
        message = timer.Entry.Message;
        if (!ReferenceEquals(timer.Owner, this) || !_timers.TryGetValue(timer.Entry.Key, out var current) || !ReferenceEquals(current, timer.Entry))
            return false;
        if (!current.Repeats)
            _timers.Remove(current.Key);
        return true;
    }

    private void Start(object key, object message, TimeSpan delay, TimeSpan? interval, IActorRef sender)
    {
        Cancel(key);
        var entry = new Entry(key, message, interval is not null);
        var timer = message is INotInfluenceReceiveTimeout ? new UninfluentialTimerMessage(this, entry) : new TimerMessage(this, entry);
        var scheduler = cell.System.Scheduler;
        entry.Task = interval is { } period
            ? scheduler.TellRepeatedlyLater(delay, period, cell.Self, timer, sender)
            : scheduler.TellOnceLater(delay, cell.Self, timer, sender);
        _timers.Add(key, entry);
    }

    internal sealed class Entry(object key, object message, bool repeats)
    {
        public object Key { get; } = key;

        public object Message { get; } = message;

        public bool Repeats { get; } = repeats;

        public ICancelable Task { get; set; } = null!;
    }
}
