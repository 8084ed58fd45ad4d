using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;
using Akka.Util;

namespace Akka.Actor.Internal;

public class ActorSystemImpl : ExtendedActorSystem
{
    private readonly string _name;
    private readonly Settings _settings;
    private readonly EventStream _eventStream;
    private readonly ILoggingAdapter _log;
    private readonly IScheduler _scheduler;
    private readonly IActorRefProvider _provider;
    private readonly Akka.Serialization.Serialization _serialization;
    private readonly Mailboxes _mailboxes;
    private readonly Dispatchers _dispatchers;
    private readonly UidSource _uids;
    private readonly TerminationCallbacks _terminationCallbacks = new();
    private readonly ConcurrentDictionary<Type, Lazy<object>> _extensions = new();
    private IActorRef? _deadLetterListener;
    private int _loggerNumber;
    private int _aborting;

    public ActorSystemImpl(string name)
        : this(name, ConfigurationFactory.Default(), ActorSystemSetup.Empty, null)
    {
    }

    public ActorSystemImpl(string name, Config config, ActorSystemSetup setup, Option<Props>? guardianProps = null)
    {
        if (!IsValidName(name))
        {
            throw new ArgumentException(
                $"Invalid ActorSystem name [{name}], must contain only word characters (i.e. [a-zA-Z0-9] plus non-leading '-')", nameof(name));
        }

        ArgumentNullException.ThrowIfNull(config);
        _name = name;
        GuardianProps = guardianProps ?? Option<Props>.None;
        _settings = new Settings(this, config, setup);
        _eventStream = new EventStream(_settings.DebugEventStream);
        _eventStream.StartStdoutLogger(_settings);
        _log = new BusLogging(_eventStream, $"ActorSystem({name})", GetType(), _settings.LogFormatter);
        _scheduler = CreateScheduler();
        _eventStream.Clock = _scheduler;
        StartTime = _scheduler.MonotonicClock;
        _uids = new UidSource(_settings.UidSeed);
        _provider = CreateProvider();
        _serialization = new Akka.Serialization.Serialization(this);
        SerializesMessages = _settings.SerializeAllMessages;
        _mailboxes = new Mailboxes(this);
        _dispatchers = new Dispatchers(this, new DefaultDispatcherPrerequisites(_eventStream, _scheduler, _settings, _mailboxes));
    }

    public override IActorRefProvider Provider => _provider;

    public override Settings Settings => _settings;

    public override string Name => _name;

    public override Akka.Serialization.Serialization Serialization => _serialization;

    public override EventStream EventStream => _eventStream;

    public override IActorRef DeadLetters => _provider.DeadLetters;

    public override IActorRef IgnoreRef => _provider.IgnoreRef;

    public override Dispatchers Dispatchers => _dispatchers;

    public override Mailboxes Mailboxes => _mailboxes;

    public override IScheduler Scheduler => _scheduler;

    public override ILoggingAdapter Log => _log;

    public override IInternalActorRef Guardian => _provider.Guardian;

    public override IInternalActorRef LookupRoot => _provider.RootGuardian;

    public override IInternalActorRef SystemGuardian => _provider.SystemGuardian;

    public Option<Props> GuardianProps { get; }

    public override Task WhenTerminated => _terminationCallbacks.Done;

    internal bool SerializesMessages { get; }

    public void Start()
    {
        try
        {
            _provider.Init(this);
            _terminationCallbacks.RunAfter(_provider.TerminationTask, _dispatchers.DefaultGlobalDispatcher, ReleaseResources);
            _eventStream.StartDefaultLoggers(this);
            _eventStream.StartUnsubscriber(this);
            if (_settings.LogDeadLetters > 0)
                StartDeadLetterListener();
            if (_settings.DebugUnhandledMessage)
                SystemActorOf(Props.Create<UnhandledMessageForwarder>().WithDispatcher(Dispatchers.InternalDispatcherId), "UnhandledMessageForwarder");
            LoadExtensions();
            CoordinatedShutdown.Get(this);
            if (_settings.LogConfigOnStart)
                _log.Info(_settings.Config.ToString(true));
        }
        catch (Exception)
        {
            Abort();
            throw;
        }
    }

    public override IActorRef ActorOf(Props props, string? name = null) => _provider.Guardian.Cell.AttachChild(props, isSystemService: false, name);

    public override IActorRef SystemActorOf(Props props, string? name = null) =>
        _provider.SystemGuardian.Cell.AttachChild(props, isSystemService: true, name);

    public override IActorRef SystemActorOf<TActor>(string? name = null) => SystemActorOf(Props.Create<TActor>(), name);

    public override ActorSelection ActorSelection(ActorPath actorPath) => ActorRefFactoryShared.ActorSelection(actorPath, this);

    public override ActorSelection ActorSelection(string actorPath) => ActorRefFactoryShared.ActorSelection(actorPath, this, _provider.Guardian);

    public override void Stop(IActorRef actor)
    {
        var path = actor.Path;
        if (path.Parent == Guardian.Path)
            Guardian.Tell(new Dispatch.SysMsg.StopChild(actor), ActorRefs.NoSender);
        else if (path.Parent == SystemGuardian.Path)
            SystemGuardian.Tell(new Dispatch.SysMsg.StopChild(actor), ActorRefs.NoSender);
        else
            ((IInternalActorRef)actor).Stop();
    }

    public override Task Terminate()
    {
        if (_settings.CoordinatedShutdownRunByActorSystemTerminate && Volatile.Read(ref _aborting) == 0)
            CoordinatedShutdown.Get(this).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
        else
            FinalTerminate();
        return WhenTerminated;
    }

    public override void Abort()
    {
        Interlocked.Exchange(ref _aborting, 1);
        FinalTerminate();
    }

    public override void RegisterOnTermination(Action code) => _terminationCallbacks.Add(code);

    public override object RegisterExtension(IExtensionId extension)
    {
        ArgumentNullException.ThrowIfNull(extension);
        return _extensions.GetOrAdd(extension.ExtensionType, _ => new Lazy<object>(() => extension.CreateExtension(this))).Value;
    }

    public override object GetExtension(IExtensionId extensionId) =>
        _extensions.TryGetValue(extensionId.ExtensionType, out var extension) ? extension.Value : RegisterExtension(extensionId);

    public override T GetExtension<T>() => TryGetExtension<T>(out var extension)
        ? extension
        : throw new InvalidOperationException($"No extension of type {typeof(T)} is registered");

    public override bool HasExtension(Type type) => _extensions.ContainsKey(type);

    public override bool HasExtension<T>() => HasExtension(typeof(T));

    public override bool TryGetExtension(Type extensionType, [MaybeNullWhen(false)] out object extension)
    {
        extension = _extensions.TryGetValue(extensionType, out var registered) ? registered.Value : null;
        return extension is not null;
    }

    public override bool TryGetExtension<T>([MaybeNullWhen(false)] out T extension)
    {
        var found = TryGetExtension(typeof(T), out var registered);
        extension = (T?)registered;
        return found;
    }

    public override string PrintTree()
    {
        var tree = new StringBuilder();
        Print(LookupRoot, "");
        return tree.ToString();

        void Print(IInternalActorRef actor, string indent)
        {
            tree.Append(indent).Append(actor.Path.Depth == 0 ? "/" : actor.Path.Name);
            if (actor is ActorRefWithCell { Underlying: { } cell } withCell)
            {
                tree.Append(' ').Append(cell.Props.Type.Name).Append(" [").Append(cell.NumberOfMessages).Append(" messages]").AppendLine();
                foreach (var child in withCell.Children)
                    Print((IInternalActorRef)child, indent + "   ");
            }
        }
    }

    public override string ToString() => LookupRoot?.Path.Root.Address.ToString() ?? "akka://" + _name;

    /// <summary>A number that tells this incarnation of an actor from others of its path; positive, of 31 bits.</summary>
    internal int NewUid() => _uids.Next();

    internal int NextLoggerNumber() => Interlocked.Increment(ref _loggerNumber);

    internal void FinalTerminate()
    {
        if (!_settings.LogDeadLettersDuringShutdown && _deadLetterListener is { } listener)
            Stop(listener);
        if (_provider.Guardian is { } guardian)
            guardian.Stop();
        else
            ReleaseResources();
    }

    private static bool IsValidName(string name) =>
        !string.IsNullOrEmpty(name) && char.IsAsciiLetterOrDigit(name[0])
        && name.All(each => char.IsAsciiLetterOrDigit(each) || each is '-' or '_');

    private void StartDeadLetterListener()
    {
        _deadLetterListener = SystemActorOf(
            Props.Create<DeadLetterListener>().WithDispatcher(Dispatchers.InternalDispatcherId), "deadLetterListener");
        // Not only when it runs: letters of the first moment count too.
        DeadLetterListener.Subscribe(_deadLetterListener, _eventStream);
    }

    private IScheduler CreateScheduler()
    {
        var type = Type.GetType(_settings.SchedulerClass)
            ?? throw new ConfigurationException($"akka.scheduler.implementation [{_settings.SchedulerClass}] is no type that can be found");
        return (IScheduler)Activator.CreateInstance(type, _settings.Config, _log)!;
    }

    private IActorRefProvider CreateProvider()
    {
        var type = Type.GetType(_settings.ProviderClass)
            ?? throw new ConfigurationException(
                $"akka.actor.provider [{_settings.ProviderClass}] is no type that can be found; is its assembly referenced?");
        return (IActorRefProvider)Activator.CreateInstance(type, _name, _settings, _eventStream)!;
    }

    private void LoadExtensions()
    {
        foreach (var typeName in _settings.Config.GetStringList("akka.extensions"))
        {
            var type = Type.GetType(typeName);
            if (type is not null && typeof(IExtensionId).IsAssignableFrom(type))
                RegisterExtension((IExtensionId)Activator.CreateInstance(type)!);
            else
                _log.Error("[{0}] of akka.extensions is no IExtensionId that can be found", typeName);
        }
    }

    private void ReleaseResources()
    {
        foreach (var extension in _extensions.Values.Where(extension => extension.IsValueCreated))
            (extension.Value as IDisposable)?.Dispose();
        (_scheduler as IDisposable)?.Dispose();
    }
}
