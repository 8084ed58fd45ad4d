using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Tools.Client;
using Akka.Event;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Client.Proxy;

/// <summary>
/// The cluster as one local actor: takes <see cref="Call"/>s from its <see cref="Callers"/>, sends each to a replica of its key, and to the next on
/// failure. It learns ring and members through ClusterClient from any contact, and follows their changes (client-driven coordination, section 6.4 of
/// the paper).
/// </summary>
internal sealed class ClientProxy : UntypedActor, IWithTimers
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMilliseconds(50);

    // While the ring changes each reply shows another state; the directory is long, and a node that is asked wrongly says so.
    private static readonly TimeSpan BetweenQuestions = TimeSpan.FromMilliseconds(250);
    private readonly DynamoClientOptions _options;
    private readonly Random _random;
    private readonly Callers _callers;
    private readonly Router _router;
    private readonly Dictionary<long, Call> _calls = [];
    private readonly Dictionary<long, Attempt> _attempts = [];
    private readonly Queue<Call> _waiting = [];
    private readonly Outbox _outbox = new();
    private readonly Dictionary<NodeId, IActorRef> _coordinators = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private IActorRef _entrance = ActorRefs.Nobody;
    private long _lastCall;
    private long _lastId;
    private bool _isFlushQueued;
    private bool _isConnected;
    private bool _isRefreshing;
    private TimeSpan _nextQuestion;

    public ClientProxy(DynamoClientOptions options, Random random, Callers callers)
    {
        _options = options;
        _random = random;
        _callers = callers;
        _router = new Router(avoidFor: options.AttemptTimeout * 2);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    public static Props Props(DynamoClientOptions options, Random random, Callers callers) =>
        Akka.Actor.Props.Create(() => new ClientProxy(options, random, callers)).WithDispatcher(WireConfig.Dispatcher);

    protected override void PreStart()
    {
        _callers.Open();
        var own = ((ExtendedActorSystem)Context.System).Provider.DefaultAddress;
        var contacts = _options.Contacts.Select(c => NodePaths.ContactPoint(own, c)).ToImmutableHashSet();
        _entrance = Context.ActorOf(ClusterClient.Props(ClusterClientSettings.Create(Context.System).WithInitialContacts(contacts)), "entrance");
        Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));
        Timers.StartPeriodicTimer("sweep", Sweep.Instance, SweepInterval);
        Timers.StartPeriodicTimer("refresh", Refresh.Instance, _options.RefreshInterval);
        AskDirectory();
    }

    // At a restart too: what this life forgets nobody would ever answer.
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
            case Flush: OnFlush(); return;
            case Sweep: OnSweep(); break;
            case Refresh: AskDirectory(); break;
            case ClusterDirectory directory: OnDirectory(directory); break;
            case DirectoryUnchanged unchanged: OnUnchanged(unchanged); break;
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
        call.Deadline = Now + call.Timeout;
        call.Number = ++_lastCall;
        _calls[call.Number] = call;
        if (_router.Directory is null) _waiting.Enqueue(call);
        else Send(call);
    }

    private void Send(Call call)
    {
        if (_router.Directory!.Limits.Check(call.Request.Key, call.Request is PutRequest put ? put.Value.Length : 0) is { } reason)
        {
            call.EndWith(new DynamoBadRequestException(reason));
            End(call);
            return;
        }
        if (_router.Next(call.Request.Key, call.Tried, Now) is not { } node)
        {
            // Who was asked and was late may answer yet.
            if (call.Open.Count > 0) call.AttemptDeadline = call.Deadline;
            else GiveUp(call);
            return;
        }
        var attempt = _attempts[++_lastId] = new Attempt(_lastId, node, call);
        call.Tried.Add(node);
        call.Open.Add(attempt);
        var left = call.Deadline - Now;
        call.AttemptDeadline = Now + (left < _options.AttemptTimeout ? left : _options.AttemptTimeout);
        // A little less than is left: so the node's own word, with how many answered, is here before the call gives up.
        _outbox.Add(node, call.Request with { Id = attempt.Id, TimeoutMs = Math.Max(1, (int)(left.TotalMilliseconds * 0.9)) });
    }

    private void OnFlush()
    {
        _isFlushQueued = false;
        foreach (var (node, batch) in _outbox.Flush(Now)) CoordinatorOf(node)?.Tell(batch);
    }

    private void OnReplies(ClientReplies replies)
    {
        foreach (var reply in replies.Replies)
            if (Close(reply.Id) is { } attempt) OnReply(attempt, reply);
        if (_router.Directory is { } directory && directory.StateHash != replies.StateHash && !_isRefreshing && Now >= _nextQuestion) AskDirectory();
    }

    private void OnReply(Attempt attempt, ClientReply reply)
    {
        _router.Answered(attempt.Node);
        switch (reply)
        {
            // Another replica may be better off, and nothing was done yet.
            case RequestFailed { Kind: FailureKind.Overloaded or FailureKind.WrongNode or FailureKind.NotStored } refusal:
                if (refusal.Kind == FailureKind.WrongNode) _router.Avoid(attempt.Node, Now);
                attempt.Call.LastRefusal = refusal;
                GoOn(attempt);
                break;
            default:
                attempt.Call.EndWith(reply);
                End(attempt.Call);
                break;
        }
    }

    // What came of an attempt is known, and it was nothing: the next node, unless that is asked already.
    private void GoOn(Attempt attempt)
    {
        if (attempt.Call.Tried[^1] == attempt.Node) Send(attempt.Call);
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
        List<Call>? late = null;
        foreach (var call in _calls.Values)
            if (now >= call.Deadline || (call.Tried.Count > 0 && now >= call.AttemptDeadline)) (late ??= []).Add(call);
        foreach (var call in late ?? []) OnLate(call, now);
        if (_callers.Unblock()) OnCallsMade();
    }

    // A get goes to the next replica. A put that may have reached its node is not sent again, unless the options say so: the two would be two
    // writes, and the one could come back after the other was replaced. It is waited for until its time is over.
    private void OnLate(Call call, TimeSpan now)
    {
        if (call.Tried.Count > 0) _router.Avoid(call.Tried[^1], now);
        if (now >= call.Deadline) GiveUp(call);
        else if (call.MayHaveTakenEffect && !(_options.ResendsPuts && _router.Next(call.Request.Key, call.Tried, now) is not null)) call.AttemptDeadline = call.Deadline;
        else Send(call);
    }

    // A message that the remoting could not send surely did nothing: its requests can go to another replica at once.
    private void OnUnsent(ClientBatch batch)
    {
        foreach (var request in batch.Requests)
        {
            if (Close(request.Id) is not { } attempt) continue;
            _router.Avoid(attempt.Node, Now);
            GoOn(attempt);
        }
    }

    private void GiveUp(Call call)
    {
        // What one node refused says nothing of another that did not answer.
        var refused = call.MayHaveTakenEffect ? null : call.LastRefusal;
        DynamoException reason = (refused, _router.Directory) switch
        {
            ({ Kind: FailureKind.Overloaded } refusal, _) => new DynamoOverloadedException(refusal.Reason),
            ({ } refusal, _) => new DynamoUnavailableException(refusal.Reason),
            (null, null) => new DynamoUnavailableException($"no node answered at {string.Join(", ", _options.Contacts)} within {call.Timeout.TotalSeconds:0.###}s"),
            (null, { State.Ring.Serving.IsNone: true }) => new DynamoUnavailableException("the cluster has no ring yet"),
            _ => new DynamoUnavailableException($"no answer from {string.Join(", ", call.Tried)} within {call.Timeout.TotalSeconds:0.###}s{call.Doubt}"),
        };
        call.EndWith(reason);
        End(call);
    }

    private void End(Call call)
    {
        _calls.Remove(call.Number);
        foreach (var attempt in call.Open) _attempts.Remove(attempt.Id);
        _callers.End(call);
    }

    // ---- the directory

    private void AskDirectory()
    {
        var request = new DirectoryRequest(_router.Directory?.StateHash ?? 0);
        var known = _router.Directory is { } directory
            ? directory.State.Present.Where(m => !directory.Unreachable.Contains(m.Id)).ToArray() : [];

        // By way of ClusterClient until something is known, and again when the last question to a member stayed unanswered.
        if (known.Length == 0 || _isRefreshing) _entrance.Tell(new ClusterClient.Send($"/user/{NodePaths.Root}/{NodePaths.Gossiper}", request, true));
        if (known.Length > 0) NodePaths.GossiperAt(Context.System, known[_random.Next(known.Length)].Address).Tell(request);
        _isRefreshing = true;
        _nextQuestion = Now + BetweenQuestions;
    }

    private void OnDirectory(ClusterDirectory directory)
    {
        _isRefreshing = false;
        // A node that has just started, or was away, may know less than this client does.
        if (_router.Directory is { } known && directory.State.Ring.Epoch < known.State.Ring.Epoch) return;
        _router.Use(directory);
        _coordinators.Clear();
        _log.Debug("node {0} told the directory: {1} members, ring epoch {2}", directory.Node, directory.State.Members.Count, directory.State.Ring.Epoch);
        if (!_isConnected) _callers.Connected();
        _isConnected = true;
        while (_waiting.TryDequeue(out var call))
            if (_calls.ContainsKey(call.Number)) Send(call);
    }

    private void OnUnchanged(DirectoryUnchanged unchanged)
    {
        _isRefreshing = false;
        _router.Use(unchanged);
    }

    private IActorRef? CoordinatorOf(NodeId node)
    {
        if (_coordinators.TryGetValue(node, out var known)) return known;
        if (!_router.Directory!.State.Members.TryGetValue(node, out Member? member)) return null;
        return _coordinators[node] = NodePaths.Of(Context.System, node, member.Address, NodePaths.Coordinator);
    }

    private sealed record Flush
    {
        public static readonly Flush Instance = new();
    }

    private sealed record Sweep
    {
        public static readonly Sweep Instance = new();
    }

    private sealed record Refresh
    {
        public static readonly Refresh Instance = new();
    }
}
