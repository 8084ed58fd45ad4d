using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Remote;

/// <summary>
/// Watches the actors of other nodes in place of their watchers here, and the nodes themselves by heartbeats: when a node is
/// taken for dead, all watched actors on it are.
/// </summary>
public partial class RemoteWatcher : UntypedActor, IRequiresMessageQueue<IUnboundedMessageQueueSemantics>
{
    private readonly IFailureDetectorRegistry<Address> _failureDetector;
    private readonly TimeSpan _heartbeatExpectedResponseAfter;
    private readonly IRemoteActorRefProvider _provider;
    private readonly Dictionary<Address, int> _addressUids = [];
    private readonly HeartbeatRsp _selfHeartbeatRsp;
    private readonly ICancelable _heartbeatTimer;
    private readonly ICancelable _reaperTimer;

    protected readonly ILoggingAdapter Log = Context.GetLogger();

    /// <summary>For each watched actor, who watches it.</summary>
    protected readonly Dictionary<IInternalActorRef, HashSet<IInternalActorRef>> Watching = [];

    /// <summary>For each node, which of its actors are watched.</summary>
    protected readonly Dictionary<Address, HashSet<IInternalActorRef>> WatcheeByNodes = [];

    public RemoteWatcher(IFailureDetectorRegistry<Address> failureDetector, TimeSpan heartbeatInterval,
        TimeSpan unreachableReaperInterval, TimeSpan heartbeatExpectedResponseAfter)
    {
        _failureDetector = failureDetector;
        _heartbeatExpectedResponseAfter = heartbeatExpectedResponseAfter;
        _provider = RARP.For(Context.System).Provider;
        _selfHeartbeatRsp = new HeartbeatRsp(AddressUidExtension.Uid(Context.System));
        _heartbeatTimer = Context.System.Scheduler.ScheduleTellRepeatedlyCancelable(heartbeatInterval, heartbeatInterval, Self, HeartbeatTick.Instance, Self);
        _reaperTimer = Context.System.Scheduler.ScheduleTellRepeatedlyCancelable(unreachableReaperInterval, unreachableReaperInterval, Self, ReapUnreachableTick.Instance, Self);
    }

    protected ICollection<Address> WatchingNodes => WatcheeByNodes.Keys;

    protected HashSet<Address> Unreachable { get; } = [];

    public static Props Props(IFailureDetectorRegistry<Address> failureDetector, TimeSpan heartbeatInterval,
        TimeSpan unreachableReaperInterval, TimeSpan heartbeatExpectedResponseAfter) =>
        Actor.Props.Create(() => new RemoteWatcher(failureDetector, heartbeatInterval, unreachableReaperInterval, heartbeatExpectedResponseAfter));

    protected override void PostStop()
    {
        base.PostStop();
        _heartbeatTimer.Cancel();
        _reaperTimer.Cancel();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case HeartbeatTick:
                SendHeartbeats();
                break;
            case Heartbeat:
                Sender.Tell(_selfHeartbeatRsp);
                break;
            case HeartbeatRsp response:
                ReceiveHeartbeatRsp(Sender.Path.Address, response.AddressUid);
                break;
            case ReapUnreachableTick:
                ReapUnreachable();
                break;
            case ExpectedFirstHeartbeat expected:
                TriggerFirstHeartbeat(expected.From);
                break;
            case WatchRemote watch:
                AddWatching(watch.Watchee, watch.Watcher);
                break;
            case UnwatchRemote unwatch:
                RemoveWatch(unwatch.Watchee, unwatch.Watcher);
                break;
            case AddressTerminated terminated:
                PublishAddressTerminated(terminated.Address);
                break;
            case Terminated terminated:
                OnTerminated(terminated);
                break;
            case Stats:
                Sender.Tell(CurrentStats());
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected void AddWatching(IInternalActorRef watchee, IInternalActorRef watcher)
    {
        if (watcher.Equals(Self))
            throw new ArgumentException("the remote watcher does not watch for itself", nameof(watcher));
        Log.Debug("Watching: [{0} -> {1}]", watcher, watchee);
        if (!Watching.TryGetValue(watchee, out var watchers))
            Watching[watchee] = watchers = [];
        watchers.Add(watcher);
        WatchNode(watchee);
        // A watcher that ends takes its watch with it.
        Context.Watch(watcher);
        Context.Watch(watchee);
    }

    protected virtual void WatchNode(IInternalActorRef watchee)
    {
        var node = watchee.Path.Address;
        if (!WatcheeByNodes.TryGetValue(node, out var watchees))
            WatcheeByNodes[node] = watchees = [];
        if (watchees.Count == 0 && Unreachable.Remove(node))
            // The node was given up and is watched anew: it is judged anew too.
            _failureDetector.Remove(node);
        watchees.Add(watchee);
    }

    protected void RemoveWatch(IInternalActorRef watchee, IInternalActorRef watcher)
    {
        if (!Watching.TryGetValue(watchee, out var watchers) || !watchers.Remove(watcher))
            return;
        Log.Debug("Unwatching: [{0} -> {1}]", watcher, watchee);
        if (!Watching.Values.Any(others => others.Contains(watcher)))
            Context.Unwatch(watcher);
        if (watchers.Count > 0)
            return;
        RemoveWatchee(watchee);
        Context.Unwatch(watchee);
    }

    protected void RemoveWatchee(IInternalActorRef watchee)
    {
        var node = watchee.Path.Address;
        Watching.Remove(watchee);
        if (!WatcheeByNodes.TryGetValue(node, out var watchees))
            return;
        watchees.Remove(watchee);
        if (watchees.Count == 0)
            UnwatchNode(node);
    }

    protected void UnwatchNode(Address watcheeAddress)
    {
        Log.Debug("Unwatched last watchee of node: [{0}]", watcheeAddress);
        WatcheeByNodes.Remove(watcheeAddress);
        _addressUids.Remove(watcheeAddress);
        _failureDetector.Remove(watcheeAddress);
    }

    /// <summary>Takes every watched actor at the address for dead: this actor hears it of each, and passes it on.</summary>
    protected void PublishAddressTerminated(Address address)
    {
        if (!WatcheeByNodes.TryGetValue(address, out var watchees))
            return;
        var self = (IInternalActorRef)Self;
        foreach (var watchee in watchees)
            self.SendSystemMessage(new Dispatch.SysMsg.DeathWatchNotification(watchee, existenceConfirmed: false, addressTerminated: true));
    }

    protected virtual void Quarantine(Address address, int? addressUid) => _provider.Quarantine(address, addressUid);

    private void SendHeartbeats()
    {
        foreach (var node in WatcheeByNodes.Keys.Where(node => !Unreachable.Contains(node)).ToList())
        {
            if (_failureDetector.IsMonitoring(node))
                Log.Debug("Sending Heartbeat to [{0}]", node);
            else
            {
                Log.Debug("Sending first Heartbeat to [{0}]", node);
                // Counts as the first heartbeat if none comes, so that a node that never answers is found out too.
                Context.System.Scheduler.ScheduleTellOnce(_heartbeatExpectedResponseAfter, Self, new ExpectedFirstHeartbeat(node), Self);
            }
            Context.ActorSelection(new RootActorPath(node) / Self.Path.Elements).Tell(Heartbeat.Instance);
        }
    }

    private void ReceiveHeartbeatRsp(Address from, int uid)
    {
        Log.Debug(_failureDetector.IsMonitoring(from) ? "Received heartbeat rsp from [{0}]" : "Received first heartbeat rsp from [{0}]", from);
        if (!WatcheeByNodes.ContainsKey(from) || Unreachable.Contains(from))
            return;
        if (!_addressUids.TryGetValue(from, out var known) || known != uid)
            Rewatch(from);
        _addressUids[from] = uid;
        _failureDetector.Heartbeat(from);
    }

    // The first watch may have been lost with an incarnation that was never heard of; twice does no harm.
    private void Rewatch(Address address)
    {
        if (!WatcheeByNodes.TryGetValue(address, out var watchees))
            return;
        var self = (IInternalActorRef)Self;
        foreach (var watchee in watchees)
        {
            Log.Debug("Re-watch [{0} -> {1}]", self, watchee);
            watchee.SendSystemMessage(new Dispatch.SysMsg.Watch(watchee, self));
        }
    }

    private void ReapUnreachable()
    {
        foreach (var node in WatcheeByNodes.Keys.ToList())
        {
            if (Unreachable.Contains(node) || _failureDetector.IsAvailable(node))
                continue;
            int? uid = _addressUids.TryGetValue(node, out var known) ? known : null;
            Log.Warning("Detected unreachable: [{0}]", node);
            Quarantine(node, uid);
            PublishAddressTerminated(node);
            Unreachable.Add(node);
        }
    }

    private void TriggerFirstHeartbeat(Address address)
    {
        if (!WatcheeByNodes.ContainsKey(address) || _failureDetector.IsMonitoring(address))
            return;
        Log.Debug("Trigger extra expected heartbeat from [{0}]", address);
        _failureDetector.Heartbeat(address);
    }

    private void OnTerminated(Terminated terminated)
    {
        var subject = (IInternalActorRef)terminated.ActorRef;
        if (Watching.TryGetValue(subject, out var watchers))
        {
            Log.Debug("Watchee terminated: [{0}]", subject.Path);
            foreach (var watcher in watchers)
                watcher.SendSystemMessage(new Dispatch.SysMsg.DeathWatchNotification(subject, terminated.ExistenceConfirmed, terminated.AddressTerminated));
            foreach (var watcher in watchers.Where(watcher => !Watching.Any(other => !other.Key.Equals(subject) && other.Value.Contains(watcher))).ToList())
                Context.Unwatch(watcher);
            RemoveWatchee(subject);
        }
        foreach (var watchee in Watching.Where(entry => entry.Value.Contains(subject)).Select(entry => entry.Key).ToList())
            RemoveWatch(watchee, subject);
    }

    private Stats CurrentStats() => new(Watching.Values.Sum(watchers => watchers.Count), WatchingNodes.Count,
        [.. Watching.SelectMany(entry => entry.Value.Select(watcher => ((IActorRef)entry.Key, (IActorRef)watcher)))], [.. WatchingNodes]);
}
