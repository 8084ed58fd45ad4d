using Akka.Actor;
using Akka.Event;
using Dynamo.Actors.Settings;
using Dynamo.Actors.Shared;
using Dynamo.Actors.Storage;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Protocol;

namespace Dynamo.Actors.Hints;

/// <summary>
/// Hinted handoff (section 4.6 of the paper): keeps writes for nodes that are down in the store's hint space, and hands them over at a bounded
/// rate when their owner is back. A hint is dropped only after its owner has stored it.
/// </summary>
internal sealed class HintBuffer : UntypedActor, IWithTimers
{
    private readonly DynamoSettings _settings;
    private readonly IStorageEngine _engine;
    private readonly BackgroundPace _pace;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly StoreReports _reports = new(Context.Parent);
    private readonly PeerFailures _handOvers = new(Context.GetLogger(), "the hand-over of hints for");
    private readonly BackgroundFailures _failures = new(Context.GetLogger());
    private readonly HintsUnderWay _underWay;
    private readonly RemovedPeers _removed = new();
    private ClusterView _view;
    private readonly DamagedRecords _damaged = new(Context.GetLogger());
    private readonly Dictionary<NodeId, StorageKey> _handedTo = [];
    private NodeId _lastServed;
    private bool _isDraining;

    public HintBuffer(DynamoSettings settings, IStorageEngine engine, HintsUnderWay underWay, BackgroundPace pace)
    {
        _underWay = underWay;
        _settings = settings;
        _engine = engine;
        _pace = pace;
        _view = new ClusterView(settings.Node.Id, ClusterState.Empty, []);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    public static Props Props(DynamoSettings settings, IStorageEngine engine, HintsUnderWay underWay, BackgroundPace pace) =>
        Akka.Actor.Props.Create(() => new HintBuffer(settings, engine, underWay, pace));

    protected override void PreStart() => Wait();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case WriteBatch writes when _removed.Has(Sender): Sender.Tell(StoreBatches.All(writes.Items.Length, WriteOutcome.Refused)); break;
            case WriteBatch writes: OnWrites(writes); break;
            case MintBatch mints: OnMints(mints); break;
            case ReportNextStored: _reports.Ask(); break;
            case StoreDone done: OnStored(done); break;
            case HandOver: OnHandOver(); break;
            case HintsRequest: Sender.Tell(new HintsHeld([.. _engine.HintCounts().Select(c => new HintsFor(c.Owner, c.Hints))])); break;
            case HandedOver handed: OnHandedOver(handed); break;
            case Dropped dropped:
                _failures.Note("the removal of hints that were handed over", dropped.Failure);
                Wait();
                break;
            case ViewChanged changed: OnView(changed.View); break;
            case DrainRequest drain: _isDraining = drain.IsOn; break;
            default: Unhandled(message); break;
        }
    }

    // Writes in flight count too: they may all be new hints.
    private string? WhyNot(IReadOnlyList<Mutation> mutations)
    {
        if (_isDraining) return $"node {_settings.Node.Id} is being drained";
        var (figures, limits) = (_engine.Figures, _settings.Hints);
        if (figures.Hints + _underWay.Count + mutations.Count > limits.Max)
            return $"node {_settings.Node.Id} keeps {figures.Hints} hints: {limits.Max} is the limit (dynamo.hints.max)";
        if (figures.HintBytes + _underWay.Bytes + StoreBatches.BytesOf(mutations) > limits.MaxBytes)
            return $"node {_settings.Node.Id} keeps {figures.HintBytes} bytes of hints: {limits.MaxBytes} is the limit (dynamo.hints.max-bytes)";
        return null;
    }

    private void OnWrites(WriteBatch writes) =>
        Store(
            StoreBatches.Merges(writes), applied => StoreBatches.Outcomes(_engine, writes, applied),
            _ => StoreBatches.All(writes.Items.Length, WriteOutcome.Refused));

    private void OnMints(MintBatch mints) =>
        Store(StoreBatches.Mints(mints), applied => new Minted(applied, _engine.IsSynced), e => new Status.Failure(e));

    private void Store(IReadOnlyList<Mutation> mutations, Func<IReadOnlyList<Applied>, object> reply, Func<Exception, object> refusal)
    {
        if (WhyNot(mutations) is { } why)
        {
            Sender.Tell(refusal(new StoreException(why)));
            return;
        }
        _underWay.Add(mutations);
        var isOver = true;
        try
        {
            isOver = StoreBatches.Run(_engine, mutations, reply, refusal, Self, Sender);
        }
        finally
        {
            // Also when the engine threw: no StoreDone will come.
            if (isOver) _underWay.Remove(mutations);
        }
    }

    private void OnStored(StoreDone done)
    {
        _underWay.Remove(done.Mutations);
        _reports.Note(done);
        done.ReplyTo.Tell(done.Reply);
    }

    private void OnView(ClusterView view)
    {
        _view = view;
        _removed.Use(view.State);
    }

    private void Wait() => Timers.StartSingleTimer("hand-over", HandOver.Instance, _pace.Stretch(_settings.Hints.Interval));

    // One batch at a time, so that a returning node is not flooded with hints by its peers.
    private void OnHandOver()
    {
        if (_engine.Figures.Hints > 0)
        {
            // Round robin: an owner that refuses its hints must not block the others.
            var owners = _engine.HintCounts().Select(c => c.Owner).ToArray();
            foreach (var owner in owners.Where(o => o.CompareTo(_lastServed) > 0).Concat(owners))
            {
                if (!TryHandOver(owner)) continue;
                _lastServed = owner;
                return;
            }
        }
        Wait();
    }

    private bool TryHandOver(NodeId owner)
    {
        var isGone = _view.State.IsGone(owner);
        if (!isGone && !_view.IsHealthy(owner)) return false;
        var hints = NextOf(owner);
        if (hints.Count == 0) return false;

        // A hint for a node that is gone, or no longer owns the key, goes to the current primaries.
        var recipients = hints.Select(hint => Recipients(owner, isGone, hint.Key)).ToArray();
        var stay = Enumerable.Range(0, hints.Count).Where(place => recipients[place].Any(h => _view.AddressOf(h) is null || !_view.IsHealthy(h))).ToHashSet();
        _handedTo[owner] = hints[^1].Key;
        if (stay.Count == hints.Count) return false;
        var sends = hints.SelectMany((hint, place) => stay.Contains(place) ? [] : recipients[place].Select(recipient => (recipient, place, hint)))
            .GroupBy(s => s.recipient, s => (s.place, s.hint)).ToArray();
        var asks = sends.Select(async s =>
        {
            var replica = NodePaths.Of(Context.System, s.Key, _view.AddressOf(s.Key)!.Value, NodePaths.Replica);
            var items = s.Select(h => new WriteItem(h.hint.Key, h.hint.Record.Versions, null, ModeOf(h.hint.Key), WriteCause.Hint)).ToArray();
            var outcomes = await LargeSets.WriteAsync(replica, items, _settings.Limits.BatchBytes, _settings.Request.Timeout);
            return s.Where((_, i) => outcomes[i] == WriteOutcome.Refused).Select(h => h.place);
        });
        Task.WhenAll(asks).PipeTo(
            Self, success: refused => HandedOver.Of(owner, hints, stay, [.. refused.SelectMany(r => r)]),
            failure: e => new HandedOver(owner, [], [], e.GetBaseException().Message));
        return true;
    }

    // Continues after the last hint offered, then wraps around: a hint that its owner always refuses must not block the others.
    private IReadOnlyList<StoredRecord> NextOf(NodeId owner)
    {
        if (_handedTo.TryGetValue(owner, out var last))
        {
            var next = Page(owner, last);
            if (next.Count > 0) return next;
            _handedTo.Remove(owner);
        }
        return Page(owner, null);
    }

    private IReadOnlyList<StoredRecord> Page(NodeId owner, StorageKey? after) =>
        RecordSizes.Bounded(_damaged.ScanHints(_engine, owner, after, _settings.Hints.Batch), _settings.Limits.BatchBytes);

    private NodeId[] Recipients(NodeId owner, bool isGone, StorageKey key)
    {
        var partition = _view.Ring.PartitionOf(key.Token);
        var primaries = _view.Ring.Primaries(partition, _view.State.ReplicasOf(key, _settings.Bucket));
        var isOwner = primaries.Contains(owner) || _view.State.Ring.Incoming(partition).Contains(owner);
        return isGone || !isOwner ? primaries.ToArray() : [owner];
    }

    // A hint stays if any recipient refused it, or if it was written to meanwhile.
    private void OnHandedOver(HandedOver handed)
    {
        if (handed.Failure is { } cause) _handOvers.Failed(handed.Owner, cause, Now);
        else _handOvers.Succeeded(handed.Owner, Now);
        var drops = handed.Hints.Where((_, place) => !handed.Staying.Contains(place))
            .Select(hint => (Mutation)new DropIf(new RecordKey(hint.Key, handed.Owner), hint.Record.Versions)).ToArray();
        if (drops.Length == 0)
        {
            Wait();
            return;
        }
        _log.Debug("handed over {0} hints for node {1}", drops.Length, handed.Owner);
        _engine.WriteAsync(drops).PipeTo(Self, success: _ => new Dropped(null), failure: e => new Dropped(e.GetBaseException().Message.ReplaceLineEndings(" ")));
    }

    private ConflictMode ModeOf(StorageKey key) => _view.State.ModeOf(key, _settings.Bucket);

    private sealed record HandOver
    {
        public static readonly HandOver Instance = new();
    }

    /// <param name="Staying">The places of the hints that not all of their recipients hold.</param>
    /// <param name="Failure">Why the recipients that were asked did not take all that they were sent; null: they did.</param>
    private sealed record HandedOver(NodeId Owner, IReadOnlyList<StoredRecord> Hints, HashSet<int> Staying, string? Failure)
    {
        /// <param name="unsent">Hints whose recipients cannot be asked now.</param>
        public static HandedOver Of(NodeId owner, IReadOnlyList<StoredRecord> hints, HashSet<int> unsent, HashSet<int> refused) => new(
            owner, hints, [.. unsent, .. refused], refused.Count == 0 ? null : $"{refused.Count} of {hints.Count - unsent.Count} hints were refused");
    }

    private sealed record Dropped(string? Failure);
}
