using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch.MessageQueues;

namespace Akka.Dispatch;

/// <summary>Which mailbox an actor gets: by its Props, by the queue it requires, by its dispatcher, or the default one.</summary>
public class Mailboxes
{
    public static readonly string DefaultMailboxId = "akka.actor.default-mailbox";
    public static readonly string NoMailboxRequirement = "";

    private readonly ActorSystem _system;
    private readonly ConcurrentDictionary<string, MailboxType> _byId = new();
    private readonly ConcurrentDictionary<Type, Type?> _requirements = new();
    private readonly ConcurrentDictionary<Config, string> _idByDispatcher = new();
    private readonly Dictionary<Type, string> _idByQueueType = [];

    public Mailboxes(ActorSystem system)
    {
        _system = system;
        DeadLetterMailbox = new DeadLetterMailbox(system.DeadLetters);
        var requirements = system.Settings.Config.GetConfig("akka.actor.mailbox.requirements");
        if (requirements.IsNullOrEmpty())
            return;
        foreach (var (typeName, id) in requirements.AsEnumerable())
        {
            var queueType = Type.GetType(typeName)
                ?? throw new ConfigurationException($"Mailbox requirement [{typeName}] is no type that can be found");
            _idByQueueType[queueType] = id.GetString();
        }
    }

    public DeadLetterMailbox DeadLetterMailbox { get; }

    public MailboxType GetMailboxType(Props props, Config dispatcherConfig)
    {
        var id = props.Deploy.Mailbox;
        var required = GetRequiredType(props.Type);
        if (id == Deploy.NoMailboxGiven && dispatcherConfig is not null)
            id = _idByDispatcher.GetOrAdd(dispatcherConfig, static config =>
                config.GetString("mailbox-type", "") is { Length: > 0 } ? config.GetString("id") : Deploy.NoMailboxGiven);
        if (required is not null)
            return id == Deploy.NoMailboxGiven ? LookupByQueueType(required) : Verified(Lookup(id), required, props);
        return Lookup(id == Deploy.NoMailboxGiven ? DefaultMailboxId : id);
    }

    /// <exception cref="ConfigurationException">There is no such section, or it names no mailbox type.</exception>
    public MailboxType Lookup(string id) => _byId.TryGetValue(id, out var known) ? known : _byId.GetOrAdd(id, Configure);

    public MailboxType LookupByQueueType(Type queueType) => _idByQueueType.TryGetValue(queueType, out var id)
        ? Lookup(id)
        : throw new ConfigurationException($"Mailbox Mapping for [{queueType}] not configured");

    public bool HasRequiredType(Type actorType) => GetRequiredType(actorType) is not null;

    public bool ProducesMessageQueue(Type mailboxType) => ProducedQueue(mailboxType) is not null;

    /// <summary>The queue semantics an actor type requires, null if it does not care.</summary>
    public Type? GetRequiredType(Type actorType) => _requirements.TryGetValue(actorType, out var known)
        ? known
        : _requirements.GetOrAdd(actorType, static type => ArgumentOf(type, typeof(IRequiresMessageQueue<>)));

    /// <summary>How many messages an actor of that dispatcher and mailbox may stash; negative for no limit.</summary>
    public int StashCapacity(string dispatcher, string mailbox)
    {
        var config = _system.Settings.Config;
        var ofMailbox = mailbox.Length > 0 ? config.GetConfig(mailbox) : null;
        var ofDispatcher = dispatcher.Length > 0 ? config.GetConfig(dispatcher) : null;
        var ofDefault = config.GetConfig(DefaultMailboxId);
        return new[] { ofMailbox, ofDispatcher, ofDefault }
            .Where(section => section is not null && section.HasPath("stash-capacity"))
            .Select(section => section!.GetInt("stash-capacity", -1))
            .FirstOrDefault(-1);
    }

    private static Type? ArgumentOf(Type type, Type openInterface) => type.GetInterfaces()
        .FirstOrDefault(each => each.IsGenericType && each.GetGenericTypeDefinition() == openInterface)?.GetGenericArguments()[0];

    private static Type? ProducedQueue(Type mailboxType) => ArgumentOf(mailboxType, typeof(IProducesMessageQueue<>));

    private static MailboxType Verified(MailboxType mailbox, Type required, Props props)
    {
        var produced = ProducedQueue(mailbox.GetType());
        return produced is null || required.IsAssignableFrom(produced)
            ? mailbox
            : throw new ArgumentException($"produced message queue type [{produced}] does not fulfill requirement for actor class [{props.Type}], which is [{required}]");
    }

    private MailboxType Configure(string id)
    {
        if (id == "unbounded")
            return new UnboundedMailbox();
        var config = _system.Settings.Config;
        if (!config.HasPath(id))
            throw new ConfigurationException($"Mailbox Type [{id}] not configured");
        var section = ConfigurationFactory.ParseString($"id = \"{id}\"")
            .WithFallback(config.GetConfig(id))
            .WithFallback(config.GetConfig(DefaultMailboxId));
        var typeName = section.GetString("mailbox-type", "");
        if (string.IsNullOrEmpty(typeName))
            throw new ConfigurationException($"The setting mailbox-type defined in [{id}] is empty");
        var type = Type.GetType(typeName)
            ?? throw new ConfigurationException($"Found mailbox-type [{typeName}] in configuration for [{id}], but could not find that type");
        return (MailboxType)Activator.CreateInstance(type, _system.Settings, section)!;
    }
}
