using Akka.Actor;
using Akka.Event;
using Dynamo.Core.Calls;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Client.Proxy;

/// <summary>
/// A local proxy for the cluster: takes <see cref="Call"/>s from its <see cref="Callers"/> and sends each to a replica of its key, and to the next one on
/// failure (client-driven coordination, section 6.4 of the paper). It learns ring and members through ClusterClient from any contact, and tracks their
/// changes. Core/Calls makes the decisions.
/// </summary>
internal sealed class ClientProxy : UntypedActor, IWithTimers
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMilliseconds(50);
    private readonly DynamoClientOptions _options;
    private readonly Callers _callers;
    private readonly ClusterAccess _cluster;
    private readonly Router _router;
    private readonly Dictionary<long, Call> _calls = [];
    private readonly Dictionary<long, Attempt> _attempts = [];
    private readonly Queue<Call> _waiting = [];
    private readonly Outbox _outbox = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private long _lastCall;
    private long _lastId;
    private bool _isFlushQueued;

    public ClientProxy(DynamoClientOptions options, Random random, Callers callers)
    {
        _options = options;
        _callers = callers;
        _cluster = new ClusterAccess((ExtendedActorSystem)Context.System, options, random, Self);
        _router = _cluster.Router;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    public static Props Props(DynamoClientOptions options, Random random, Callers callers) =>
        Akka.Actor.Props.Create(() => new ClientProxy(options, random, callers)).WithDispatcher(WireConfig.Dispatcher);

    protected override void PreStart()
    {
        _callers.Open();
        _cluster.Open(Context);
        Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));
        Timers.StartPeriodicTimer("sweep", Due.Sweep, SweepInterval);
        Timers.StartPeriodicTimer("refresh", Due.Refresh, _options.RefreshInterval);
        _cluster.AskDirectory(Now);
    }

    // Runs at a restart too: the restarted proxy knows none of these calls, so nobody else would answer them.
    protected override void PostStop()
    {
        _callers.Close();
        foreach (var call in _callers.TakeMade().Concat(_calls.Values.ToArray()))
        {
            call.EndWith(new DynamoUnavailableException($"the client ended before an answer came{call.Doubt}"));
            End(call);
        }
        _callers.Unblock();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case CallsMade: OnCallsMade(); break;
            case ClientReplies replies: OnReplies(replies); break;
            case DeadLetter { Message: ClientBatch batch } unsent when unsent.Sender.Equals(Self): OnUnsent(batch); break;
            case DeadLetter: break;
            case Flush:
                if (OnFlush()) return;
                break;
            case Due.Sweep: OnSweep(); break;
            case Due.Refresh: _cluster.AskDirectory(Now); break;
            case ClusterDirectory directory: OnDirectory(directory); break;
            case DirectoryUnchanged unchanged: _cluster.Use(unchanged, Sender); break;
            default: Unhandled(message); return;
        }
        _callers.Flush();
        if (_isFlushQueued || _outbox.Waiting == 0) return;
        _isFlushQueued = true;
        Self.Tell(Flush.Instance);
    }

    // ---- calls

    private void OnCallsMade()
    {
        foreach (var call in _callers.TakeMade())
            if (!call.Reply.IsCompleted) OnCall(call);
    }

    private void OnCall(Call call)
    {
        // An update that reaches two nodes counts once: it may always be sent again.
        var isResent = _options.ResendsPuts || call.Request is PutRequest { Terms.Operation: not null };
        call.Route = new CallRoute(call.Request.Key, call.Request is PutRequest, isResent, Now + call.Timeout, _options.AttemptTimeout);
        call.Number = ++_lastCall;
        _calls[call.Number] = call;
        if (_cluster.Directory is { } directory) Begin(call, directory.Limits);
        else _waiting.Enqueue(call);
    }

    private void Begin(Call call, RequestLimits limits)
    {
        if (limits.Check(call.Request.Key, call.Request is PutRequest put ? put.Value.Length : 0) is { } reason)
            End(call, new DynamoBadRequestException(reason));
        else
            Do(call, call.Route.Next(_router, Now));
    }

    private void Do(Call call, CallStep step)
    {
        switch (step)
        {
            case CallStep.Send send:
                var attempt = _attempts[++_lastId] = new Attempt(_lastId, send.Node, call);
                call.Open.Add(attempt);
                _outbox.Add(send.Node, RequestOf(attempt, send));
                break;
            case CallStep.GiveUp end:
                if (end.Why == CallFailure.NoAnswer) _cluster.Doubt(Now);
                End(call, Failures.Of(end, call, _options));
                break;
        }
    }

    private static ClientRequest RequestOf(Attempt attempt, CallStep.Send send)
    {
        var request = attempt.Call.Request with { Id = attempt.Id, TimeoutMs = (int)send.Timeout.TotalMilliseconds };
        return send.IsAgain && request is PutRequest { Terms: { Operation: not null } terms } update ? update with { Terms = terms with { IsAgain = true } } : request;
    }

    // False when a node has left the cluster since its requests were queued: they were queued again for others, to be sent now.
    private bool OnFlush()
    {
        _isFlushQueued = false;
        List<ClientBatch>? unsent = null;
        foreach (var (node, batch) in _outbox.Flush(Now))
        {
            if (_cluster.CoordinatorOf(node) is { } coordinator) coordinator.Tell(batch);
            else (unsent ??= []).Add(batch);
        }
        unsent?.ForEach(OnUnsent);
        return unsent is null;
    }

    private void OnReplies(ClientReplies replies)
    {
        foreach (var reply in replies.Replies)
        {
            if (reply is GetReply { HasMore: true } part) _attempts.GetValueOrDefault(part.Id)?.Add(part);
            else if (Close(reply.Id) is { } attempt) OnReply(attempt, attempt.Whole(reply));
        }
        _cluster.Seen(replies.StateHash, Now);
    }

    private void OnReply(Attempt attempt, ClientReply reply)
    {
        if (reply.Refusal() is { } kind)
        {
            _router.Reach.Heard(attempt.Node);
            Do(attempt.Call, attempt.Call.Route.Refused(attempt.Node, kind, ((RequestFailed)reply).Reason, _router, Now));
            return;
        }
        if (Failures.IsWantOfAnswers(reply)) _cluster.Doubt(Now);
        _router.Reach.Served(attempt.Node);
        attempt.Call.EndWith(reply);
        End(attempt.Call);
    }

    private Attempt? Close(long id)
    {
        if (!_attempts.Remove(id, out var attempt)) return null;
        _outbox.Answered(attempt.Node, id);
        attempt.Call.Open.Remove(attempt);
        return attempt;
    }

    private void OnSweep()
    {
        var now = Now;
        List<Call>? due = null;
        foreach (var call in _calls.Values)
            if (call.Route.IsDue(now)) (due ??= []).Add(call);
        foreach (var call in due ?? []) Do(call, call.Route.TimePassed(_router, now));
        _cluster.Probe(now);
        if (_callers.Unblock()) OnCallsMade();
    }

    // A message that remoting could not send had no effect, so its requests go to another replica at once.
    private void OnUnsent(ClientBatch batch)
    {
        foreach (var request in batch.Requests)
        {
            if (Close(request.Id) is { } attempt) Do(attempt.Call, attempt.Call.Route.NotSent(attempt.Node, _router, Now));
        }
    }

    private void End(Call call, DynamoException reason)
    {
        call.EndWith(reason);
        End(call);
    }

    private void End(Call call)
    {
        _calls.Remove(call.Number);
        foreach (var attempt in call.Open) _attempts.Remove(attempt.Id);
        _callers.End(call);
    }

    private void OnDirectory(ClusterDirectory directory)
    {
        var isFirst = _cluster.Directory is null;
        if (!_cluster.TryUse(directory)) return;
        if (isFirst) _callers.Connected();
        _log.Debug("node {0} sent the directory: {1} members, ring epoch {2}", directory.Node, directory.State.Members.Count, directory.State.Ring.Epoch);
        while (_waiting.TryDequeue(out var call))
            if (_calls.ContainsKey(call.Number)) Begin(call, directory.Limits);
    }

    private sealed record Flush
    {
        public static readonly Flush Instance = new();
    }

    /// <summary>Timer messages.</summary>
    private enum Due
    {
        Sweep,
        Refresh,
    }
}
