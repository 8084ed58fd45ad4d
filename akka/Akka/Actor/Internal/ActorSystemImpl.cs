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

/// <summary>Logs at debug level what actors did not handle, where the configuration asks for it.</summary>
internal sealed class UnhandledMessageForwarder : ActorBase
{
    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(UnhandledMessage));

    protected override bool Receive(object message)
    {
        if (message is not UnhandledMessage unhandled)
            return false;
        Context.System.EventStream.Publish(new Debug(
            unhandled.Recipient.Path.ToString(),
            unhandled.Recipient.GetType(),
            $"Unhandled message from {unhandled.Sender.Path} : {unhandled.Message}"));
        return true;
    }
}

/// <summary>The system's one source of chance: SplitMix64, from a seed of its own or the configured one.</summary>
internal sealed class UidSource
{
    private long _state;

    public UidSource(int seed) => _state = seed != 0 ? seed : Random.Shared.NextInt64();

    public int Next()
    {
        while (true)
        {
            var z = (ulong)Interlocked.Add(ref _state, unchecked((long)0x9E3779B97F4A7C15));
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            var uid = (int)((z ^ (z >> 31)) & int.MaxValue);
            if (uid != 0)
                return uid;
        }
    }
}

/// <summary>What runs when a system has stopped, the latest first, and the task that says it has.</summary>
internal sealed class TerminationCallbacks
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _done = new();
    private readonly Stack<Action> _callbacks = new();
    private bool _running;

    public Task Done => _done.Task;

    public void Add(Action code)
    {
        lock (_lock)
        {
            if (_running)
                throw new InvalidOperationException("Cannot register a termination callback: the system has terminated already");
            _callbacks.Push(code);
        }
    }

    /// <summary>Runs outside of any actor's turn: who awaits the end goes on in here.</summary>
    public void RunAfter(Task termination, MessageDispatcher dispatcher, Action last) =>
        termination.ContinueWith(
            _ => dispatcher.Schedule(() => Run(last)),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);

    private void Run(Action last)
    {
        Action[] callbacks;
        lock (_lock)
        {
            _running = true;
            callbacks = [.. _callbacks];
        }

        var failures = new List<Exception>();
        foreach (var callback in callbacks.Append(last))
        {
            try
            {
                callback();
            }
            catch (Exception e)
            {
                failures.Add(e);
            }
        }

        if (failures.Count > 0)
            _done.TrySetException(failures);
        else
            _done.TrySetResult();
    }
}
