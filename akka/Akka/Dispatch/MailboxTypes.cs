using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch.MessageQueues;

namespace Akka.Dispatch;

/// <summary>Makes the message queues of actors; a mailbox section's <c>mailbox-type</c> names a class derived from this.</summary>
public abstract class MailboxType
{
    protected readonly Settings Settings;
    protected readonly Config Config;

    protected MailboxType(Settings settings, Config config)
    {
        Settings = settings;
        Config = config;
    }

    public abstract IMessageQueue Create(IActorRef owner, ActorSystem system);
}

public sealed class UnboundedMailbox : MailboxType, IProducesMessageQueue<UnboundedMessageQueue>
{
    public UnboundedMailbox()
        : this(null!, null!)
    {
    }

    public UnboundedMailbox(Settings settings, Config config)
        : base(settings, config)
    {
    }

    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new UnboundedMessageQueue();
}

public sealed class UnboundedDequeBasedMailbox : MailboxType, IProducesMessageQueue<UnboundedDequeMessageQueue>
{
    public UnboundedDequeBasedMailbox(Settings settings, Config config)
        : base(settings, config)
    {
    }

    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new UnboundedDequeMessageQueue();
}

public sealed class BoundedMailbox : MailboxType, IProducesMessageQueue<BoundedMessageQueue>, IProducesPushTimeoutSemanticsMailbox
{
    public BoundedMailbox(Settings settings, Config config)
        : base(settings, config)
    {
        Capacity = BoundedMailboxSettings.Capacity(config);
        PushTimeout = BoundedMailboxSettings.PushTimeout(config);
    }

    public int Capacity { get; }

    public TimeSpan PushTimeout { get; }

    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new BoundedMessageQueue(Capacity, PushTimeout);
}

public class BoundedDequeBasedMailbox : MailboxType, IProducesMessageQueue<BoundedDequeMessageQueue>, IProducesPushTimeoutSemanticsMailbox
{
    public BoundedDequeBasedMailbox(Settings settings, Config config)
        : base(settings, config)
    {
        Capacity = BoundedMailboxSettings.Capacity(config);
        PushTimeout = BoundedMailboxSettings.PushTimeout(config);
    }

    public int Capacity { get; }

    public TimeSpan PushTimeout { get; }

    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new BoundedDequeMessageQueue(Capacity, PushTimeout);
}

internal static class BoundedMailboxSettings
{
    public static int Capacity(Config config)
    {
        var capacity = config.GetInt("mailbox-capacity", 0);
        return capacity > 0
            ? capacity
            : throw new ArgumentException($"mailbox-capacity of a bounded mailbox must be more than 0, but is {capacity}", nameof(config));
    }

    public static TimeSpan PushTimeout(Config config) => config.GetTimeSpan("mailbox-push-timeout-time", Timeout.InfiniteTimeSpan);
}
