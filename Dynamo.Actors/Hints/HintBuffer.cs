using Akka.Actor;
using Akka.Event;
using Dynamo.Actors.Gossip;
using Dynamo.Actors.Node;
using Dynamo.Actors.Settings;
using Dynamo.Actors.Storage;
using Dynamo.Core.Membership;
using Dynamo.Core.Quorum;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Protocol;

namespace Dynamo.Actors.Hints;

/// <summary>
/// Hinted handoff (section 4.6 of the paper): keeps writes for nodes that are down, in the store's hint space, and hands them over at a bounded
/// rate when their owner is back. A hint is dropped only once its owner has stored it.
/// </summary>
public sealed class HintBuffer : UntypedActor, IWithTimers
{
    private readonly DynamoSettings _settings;
    private readonly IStorageEngine _engine;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private ClusterView _view;
    private bool _isHandingOver;

    public HintBuffer(DynamoSettings settings, IStorageEngine engine)
    {
        _settings = settings;
        _engine = engine;
        _view = new ClusterView(settings.Node.Id, ClusterState.Empty, []);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(DynamoSettings settings, IStorageEngine engine) => Akka.Actor.Props.Create(() => new HintBuffer(settings, engine));

    protected override void PreStart() => Timers.StartPeriodicTimer("hand-over", HandOver.Instance, _settings.Hints.Interval, _settings.Hints.Interval);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case WriteBatch writes: OnWrites(writes); break;
            case MintBatch mints: OnMints(mints); break;
            case StoreDone done: done.ReplyTo.Tell(done.Reply); break;
            case HandOver: OnHandOver(); break;
            case HandedOver handed: OnHandedOver(handed); break;
            case Dropped: _isHandingOver = false; break;
            case ViewChanged changed: _view = changed.View; break;
            default: Unhandled(message); break;
        }
    }

    private bool IsFull => _engine.Figures.Hints >= _settings.Hints.Max;

    private void OnWrites(WriteBatch writes)
    {
        var count = writes.Items.Length;
        if (IsFull) Sender.Tell(StoreBatches.All(count, WriteOutcome.Refused));
        else
            StoreBatches.Run(
                _engine, StoreBatches.Merges(writes), _ => StoreBatches.Outcomes(_engine, count), _ => StoreBatches.All(count, WriteOutcome.Refused), Self, Sender, _log);
    }

    private void OnMints(MintBatch mints)
    {
        if (IsFull)
            Sender.Tell(new Status.Failure(new StoreException($"node {_settings.Node.Id} keeps {_settings.Hints.Max} hints: that is the limit (dynamo.hints.max)")));
        else
            StoreBatches.Run(
                _engine, StoreBatches.Mints(mints), applied => new Minted(applied, _engine.IsSynced), e => new Status.Failure(e), Self, Sender, _log);
    }

    // One batch to one owner at a time: a node that comes back is not met by a storm of hints from each of its peers.
    private void OnHandOver()
    {
        if (_isHandingOver || _engine.Figures.Hints == 0) return;
        foreach (var (owner, _) in _engine.HintCounts())
        {
            if (!_view.IsHealthy(owner) || _view.AddressOf(owner) is not { } address) continue;
            var hints = _engine.ScanHints(owner, null, _settings.Hints.Batch);
            if (hints.Count == 0) continue;
            _isHandingOver = true;
            var batch = new WriteBatch([.. hints.Select(h => new WriteItem(h.Key, h.Record.Versions, null, ModeOf(h.Key)))]);
            NodePaths.Of(Context.System, address, NodePaths.Replica).Ask<WriteAnswers>(batch, _settings.Request.Timeout)
                .PipeTo(Self, success: answers => new HandedOver(owner, hints, answers), failure: _ => new HandedOver(owner, hints, null));
            return;
        }
    }

    private void OnHandedOver(HandedOver handed)
    {
        if (handed.Answers is not { } answers)
        {
            _isHandingOver = false;
            return;
        }
        var drops = new List<Mutation>();
        for (var i = 0; i < handed.Hints.Count; i++)
            if (answers.Outcomes[i] != WriteOutcome.Refused)
                drops.Add(new DropIf(new RecordKey(handed.Hints[i].Key, handed.Owner), handed.Hints[i].Record.Versions));
        _log.Debug("handed {0} hints over to node {1}", drops.Count, handed.Owner);
        _engine.WriteAsync(drops).PipeTo(Self, success: _ => Dropped.Instance, failure: _ => Dropped.Instance);
    }

    private ConflictMode ModeOf(StorageKey key) => _view.State.OptionsOf(key.Bucket, _settings.Bucket).Conflicts;

    private sealed record HandOver
    {
        public static readonly HandOver Instance = new();
    }

    private sealed record HandedOver(NodeId Owner, IReadOnlyList<StoredRecord> Hints, WriteAnswers? Answers);

    private sealed record Dropped
    {
        public static readonly Dropped Instance = new();
    }
}
