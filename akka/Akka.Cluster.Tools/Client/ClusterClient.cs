using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster.Tools.Client;

/// <summary>
/// Talks to a cluster it is no member of, by one of its receptionists: it finds one from its initial contacts, notices when
/// it is lost, and finds another. What is sent meanwhile is kept, up to the buffer's size. Delivery is at most once.
/// </summary>
public sealed partial class ClusterClient : ActorBase
{
    private readonly ClusterClientSettings _settings;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly ActorSelection[] _initialContacts;
    private readonly Queue<(object Message, IActorRef Sender)> _buffer = new();
    private readonly ContactPointSubscribers _contactPoints = new();
    private readonly ICancelable _heartbeats;
    private ActorSelection[] _contacts;
    private ICancelable? _refreshes;
    private ICancelable? _reconnectTimeout;
    private IActorRef? _receptionist;
    private TimeSpan _lastAnswer;

    /// <exception cref="ArgumentException">There are no initial contacts.</exception>
    public ClusterClient(ClusterClientSettings settings)
    {
        if (settings.InitialContacts.Count == 0) throw new ArgumentException("There must be an initial contact.", nameof(settings));
        _settings = settings;
        _initialContacts = [.. settings.InitialContacts.OrderBy(path => path.ToString(), StringComparer.Ordinal).Select(Context.ActorSelection)];
        _contacts = _initialContacts;
        _contactPoints.Replace([.. settings.InitialContacts], Self);
        _heartbeats = Every(settings.HeartbeatInterval, HeartbeatTick.Instance);
        Establish();
    }

    private static IScheduler Scheduler => Context.System.Scheduler;

    public static Props Props(ClusterClientSettings settings) => Actor.Props.Create(() => new ClusterClient(settings)).WithDeploy(Deploy.Local);

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case Send send:
                Deliver(new PublishSubscribe.Send(send.Path, send.Message, send.LocalAffinity));
                break;
            case SendToAll send:
                Deliver(new PublishSubscribe.SendToAll(send.Path, send.Message));
                break;
            case Publish publish:
                Deliver(new PublishSubscribe.Publish(publish.Topic, publish.Message));
                break;
            case Contacts contacts:
                OnContacts(contacts);
                break;
            case ActorIdentity { Subject: { } receptionist }:
                if (_receptionist is null) Connect(receptionist);
                break;
            case ActorIdentity:
                break;
            case HeartbeatRsp:
                _lastAnswer = Scheduler.MonotonicClock;
                break;
            case HeartbeatTick:
                OnHeartbeatTick();
                break;
            case RefreshContactsTick:
                if (_receptionist is null) AskForContacts();
                else _receptionist.Tell(GetContacts.Instance);
                break;
            case ReceptionistShutdown:
                if (Sender.Equals(_receptionist)) Reestablish("is shutting down");
                break;
            case ReconnectTimedOut:
                if (_receptionist is not null) break;
                _log.Warning("Receptionist reconnect not successful within {0}, stopping cluster client", _settings.ReconnectTimeout);
                Context.Stop(Self);
                break;
            default:
                return _contactPoints.Receive(message, Sender, Context);
        }

        return true;
    }

    protected override void PostStop()
    {
        _heartbeats.Cancel();
        _refreshes?.Cancel();
        _reconnectTimeout?.Cancel();
    }

    private void Establish()
    {
        _receptionist = null;
        AskForContacts();
        RefreshEvery(_settings.EstablishingGetContactsInterval);
        if (_settings.ReconnectTimeout is not { } patience) return;
        _reconnectTimeout = new Cancelable(Scheduler.Advanced);
        Scheduler.ScheduleTellOnce(patience, Self, ReconnectTimedOut.Instance, Self, _reconnectTimeout);
    }

    private void Reestablish(string why)
    {
        _log.Info("Receptionist [{0}] {1}, reestablishing connection", _receptionist, why);
        Establish();
    }

    private void Connect(IActorRef receptionist)
    {
        _log.Info("Connected to [{0}]", receptionist.Path);
        _reconnectTimeout?.Cancel();
        _receptionist = receptionist;
        _lastAnswer = Scheduler.MonotonicClock;
        RefreshEvery(_settings.RefreshContactsInterval);
        foreach (var (message, sender) in _buffer) receptionist.Tell(message, sender);
        _buffer.Clear();
        receptionist.Tell(Heartbeat.Instance);
    }

    private void OnHeartbeatTick()
    {
        if (_receptionist is null) return;
        if (Scheduler.MonotonicClock - _lastAnswer < _settings.AcceptableHeartbeatPause + _settings.HeartbeatInterval) _receptionist.Tell(Heartbeat.Instance);
        else Reestablish("does not answer");
    }

    private void OnContacts(Contacts contacts)
    {
        if (contacts.ContactPoints.IsEmpty) return;
        var paths = contacts.ContactPoints.Select(ActorPath.Parse).ToImmutableHashSet();
        _contacts = [.. paths.OrderBy(path => path.ToString(), StringComparer.Ordinal).Select(Context.ActorSelection)];
        _contactPoints.Replace(paths, Self);
        if (_receptionist is not null) return;
        foreach (var contact in _contacts) contact.Tell(new Identify(null));
    }

    /// <summary>A single contact may be gone for good, so the initial ones are asked besides it.</summary>
    private void AskForContacts()
    {
        var asked = _contacts.Length > 1 ? _contacts : _contacts.Union(_initialContacts);
        foreach (var contact in asked) contact.Tell(GetContacts.Instance);
    }

    private void Deliver(object message)
    {
        if (_receptionist is not null) _receptionist.Tell(message, Sender);
        else if (_settings.BufferSize == 0) Drop(message, Sender, "Receptionist not available and buffering is disabled");
        else
        {
            if (_buffer.Count == _settings.BufferSize)
            {
                var (oldest, sender) = _buffer.Dequeue();
                Drop(oldest, sender, "Receptionist not available, buffer is full");
            }

            _buffer.Enqueue((message, Sender));
        }
    }

    private void Drop(object message, IActorRef sender, string why)
    {
        _log.Warning("{0}, dropping message [{1}]", why, message);
        Context.System.DeadLetters.Tell(new DeadLetter(message, sender, Self));
    }

    private void RefreshEvery(TimeSpan interval)
    {
        _refreshes?.Cancel();
        _refreshes = Every(interval, RefreshContactsTick.Instance);
    }

    private ICancelable Every(TimeSpan interval, object tick)
    {
        var cancelable = new Cancelable(Scheduler.Advanced);
        Scheduler.ScheduleTellRepeatedly(interval, interval, Self, tick, Self, cancelable);
        return cancelable;
    }
}
