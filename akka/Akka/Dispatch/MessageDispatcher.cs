using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Dispatch;

public interface IDispatcherPrerequisites
{
    EventStream EventStream { get; }

    IScheduler Scheduler { get; }

    Settings Settings { get; }

    Mailboxes Mailboxes { get; }
}

public sealed class DefaultDispatcherPrerequisites : IDispatcherPrerequisites
{
    public DefaultDispatcherPrerequisites(EventStream eventStream, IScheduler scheduler, Settings settings, Mailboxes mailboxes)
    {
        EventStream = eventStream;
        Scheduler = scheduler;
        Settings = settings;
        Mailboxes = mailboxes;
    }

    public EventStream EventStream { get; }

    public IScheduler Scheduler { get; }

    public Settings Settings { get; }

    public Mailboxes Mailboxes { get; }
}

/// <summary>Makes the dispatcher of a section of the configuration; a section's <c>type</c> may name a class derived from this.</summary>
public abstract class MessageDispatcherConfigurator
{
    protected MessageDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
    {
        Config = config;
        Prerequisites = prerequisites;
    }

    public Config Config { get; }

    public IDispatcherPrerequisites Prerequisites { get; }

    public abstract MessageDispatcher Dispatcher();

    protected ExecutorServiceConfigurator ConfigureExecutor() => ExecutorConfigurators.For(Config, Prerequisites);
}

/// <summary>Gives actors their turns. All that a system does, it does in what is handed to <see cref="ExecuteTask"/>.</summary>
public abstract class MessageDispatcher
{
    private const int DefaultThroughputValue = 100;

    public static readonly int DefaultThroughput = DefaultThroughputValue;

    private long _inhabitants;

    protected MessageDispatcher(MessageDispatcherConfigurator configurator)
    {
        Configurator = configurator;
        Throughput = DefaultThroughput;
    }

    public MessageDispatcherConfigurator Configurator { get; }

    public EventStream EventStream => Configurator.Prerequisites.EventStream;

    public Mailboxes Mailboxes => Configurator.Prerequisites.Mailboxes;

    public string Id { get; protected set; } = "";

    /// <summary>How many messages an actor handles in a turn, at most.</summary>
    public int Throughput { get; protected set; }

    /// <summary>How long a turn may last before it ends early, in ticks; null or 0 for no limit.</summary>
    public long? ThroughputDeadlineTime { get; protected set; }

    /// <summary>How long a dispatcher without actors is kept.</summary>
    public TimeSpan ShutdownTimeout { get; protected set; } = TimeSpan.FromSeconds(1);

    internal long Inhabitants => Interlocked.Read(ref _inhabitants);

    public void Schedule(Action run) => ExecuteTask(new ActionRunnable(run));

    public void Schedule(IRunnable run) => ExecuteTask(run);

    public virtual void Attach(ActorCell cell)
    {
        Interlocked.Increment(ref _inhabitants);
        RegisterForExecution(cell.Mailbox, hasMessageHint: false, hasSystemMessageHint: true);
    }

    public virtual void Detach(ActorCell cell)
    {
        var mailbox = cell.SwapMailbox(Mailboxes.DeadLetterMailbox);
        mailbox.BecomeClosed();
        mailbox.CleanUp();
        if (Interlocked.Decrement(ref _inhabitants) == 0 && IsShutDownWhenEmpty)
            ShutDownLater();
    }

    public virtual void Dispatch(ActorCell cell, Envelope envelope)
    {
        var mailbox = cell.Mailbox;
        mailbox.Enqueue(cell.SelfInternal, envelope);
        if (!RegisterForExecution(mailbox, hasMessageHint: true, hasSystemMessageHint: false) && mailbox.IsClosed)
            mailbox.CleanUp();
    }

    public virtual void SystemDispatch(ActorCell cell, SystemMessage message)
    {
        var mailbox = cell.Mailbox;
        mailbox.SystemEnqueue(cell.SelfInternal, message);
        RegisterForExecution(mailbox, hasMessageHint: false, hasSystemMessageHint: true);
    }

    internal Mailbox CreateMailbox(ActorCell cell, MailboxType mailboxType) => new(mailboxType.Create(cell.Self, cell.System));

    /// <summary>Has a mailbox run that has something to run and is not being run already; true when it was this call that did.</summary>
    internal bool RegisterForExecution(Mailbox mailbox, bool hasMessageHint, bool hasSystemMessageHint)
    {
        if (!mailbox.CanBeScheduled(hasMessageHint, hasSystemMessageHint) || !mailbox.SetAsScheduled())
            return false;
        try
        {
            ExecuteTask(mailbox);
            return true;
        }
        catch
        {
            mailbox.SetAsIdle();
            throw;
        }
    }

    /// <summary>The time at which a turn that begins now has to end, on the scheduler's clock; 0 for never.</summary>
    internal long NextDeadline() => ThroughputDeadlineTime is > 0 and var ticks ? Now + ticks : 0;

    internal bool IsPast(long deadline) => Now >= deadline;

    protected abstract void ExecuteTask(IRunnable run);

    protected abstract void Shutdown();

    protected void ReportFailure(Exception ex) =>
        EventStream.Publish(new Error(ex, GetType().FullName!, GetType(), "An error occurred while executing a task."));

    private protected virtual bool IsShutDownWhenEmpty => false;

    private long Now => Configurator.Prerequisites.Scheduler.MonotonicClock.Ticks;

    private void ShutDownLater()
    {
        try
        {
            Configurator.Prerequisites.Scheduler.Advanced.ScheduleOnce(ShutdownTimeout, new ActionRunnable(ShutDownIfEmpty));
        }
        catch (SchedulerException)
        {
            // The system is terminating and nothing will come any more.
            ShutDownIfEmpty();
        }
    }

    private void ShutDownIfEmpty()
    {
        if (Inhabitants == 0)
            Shutdown();
    }
}
