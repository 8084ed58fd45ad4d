using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Dynamo.Actors.AntiEntropy;
using Dynamo.Actors.Settings;
using Dynamo.Actors.Shared;
using Dynamo.Actors.Storage;
using Dynamo.Core.AntiEntropy;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Transfers;
using Dynamo.Core.Versioning;
using Dynamo.Core.Wire;
using Dynamo.Protocol;

namespace Dynamo.Actors.Transfers;

/// <summary>
/// Receives the partitions that a plan assigns to this node, one at a time: in chunks, each acknowledged by the request for the next, at the
/// pace that the foreground allows. A partition counts as received when every old owner that answers has proved, by hash tree, that it holds
/// nothing that this node lacks. Dynamo.Core/Transfers decides each step. Also serves chunks to others.
/// </summary>
public sealed class TransferActor : UntypedActor, IWithTimers
{
    private const int RecordsPerRead = 64;
    private readonly DynamoSettings _settings;
    private readonly IStorageEngine _engine;
    private readonly IActorRef _replica;
    private readonly IActorRef _antiEntropy;
    private readonly BackgroundPace _pace;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly DamagedRecords _damaged = new(Context.GetLogger());
    private readonly PeerFailures _chunks = new(Context.GetLogger(), "receiving a partition from");
    private readonly BackgroundFailures _failures = new(Context.GetLogger());
    private readonly Receiving _receiving;
    private readonly List<ReceiveEffect> _effects = [];
    private Ownership _owners;

    public TransferActor(DynamoSettings settings, IStorageEngine engine, IActorRef replica, IActorRef antiEntropy, BackgroundPace pace)
    {
        _settings = settings;
        _engine = engine;
        _replica = replica;
        _antiEntropy = antiEntropy;
        _pace = pace;
        var view = new ClusterView(settings.Node.Id, ClusterState.Empty, []);
        _owners = new Ownership(view, settings.Bucket);
        _receiving = new Receiving(view, () => TransferCursor.Load(engine.GetMeta(TransferCursor.Name)));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    private ClusterView View => _owners.View;

    public static Props Props(DynamoSettings settings, IStorageEngine engine, IActorRef replica, IActorRef antiEntropy, BackgroundPace pace) =>
        Akka.Actor.Props.Create(() => new TransferActor(settings, engine, replica, antiEntropy, pace));

    protected override void PreStart() => StepAfter(_settings.Transfers.RetryInterval);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ChunkRequest asked: Sender.Tell(ChunkOf(asked)); return;
            case TransfersRequest asked:
                Sender.Tell(Reports.Answer(asked, _receiving.Progress(Now).Select(p => Reports.Of(p, p.Source, View.Self)), _settings.Limits.BatchBytes));
                return;
            case ViewChanged changed: OnView(changed.View); break;
            case Step: _receiving.Stepped(Now, _effects); break;
            case ChunkStored stored:
                _chunks.Succeeded(stored.From, Now);
                _receiving.Stored(stored.Of, stored.Chunk, _effects);
                break;
            case ChunkFailed failed:
                _chunks.Failed(failed.From, failed.Cause, Now);
                _receiving.NotStored(failed.Of, _effects);
                break;
            case CursorNotSaved failed: _failures.Note("saving how far a transfer has come", failed.Cause.ReplaceLineEndings(" ")); return;
            case Compared compared: _receiving.Compared(compared.Of, compared.Failure, _effects); break;
            default: Unhandled(message); return;
        }
        foreach (var effect in _effects) CarryOut(effect);
        _effects.Clear();
    }

    private void OnView(ClusterView view)
    {
        _owners = new Ownership(view, _settings.Bucket);
        _receiving.ViewChanged(view, _effects);
    }

    private void StepAfter(TimeSpan pause) => Timers.StartSingleTimer("step", Step.Instance, pause);

    // ---- serving

    private TransferChunk ChunkOf(ChunkRequest asked)
    {
        if (asked.Partition >= View.Ring.PartitionCount) return new TransferChunk([], IsLast: true);
        var (first, last) = View.Ring.Tokens(asked.Partition);
        var records = ImmutableArray.CreateBuilder<KeySet>();
        var (after, room) = (asked.After, new ByteBudget(Math.Min(asked.MaxBytes, _settings.Limits.BatchBytes)));
        while (true)
        {
            var page = _damaged.Scan(_engine, first, last, after, RecordsPerRead);
            foreach (var (key, record) in page)
            {
                if (!room.TryTake(RecordSizes.Of(key, record.Versions))) return new TransferChunk(records.ToImmutable(), IsLast: false);
                // A set too large for a message begins here; the comparison with its owners, which completes every partition, brings the rest.
                records.Add(new KeySet(key, SetSlices.After(record.Versions, null, RecordSizes.SliceBytes).Slice));
                after = key;
            }
            if (page.Count == 0) return new TransferChunk(records.ToImmutable(), IsLast: true);
        }
    }

    // ---- receiving

    private void CarryOut(ReceiveEffect effect)
    {
        switch (effect)
        {
            case ReceiveEffect.AskChunk ask: AskChunk(ask); break;
            case ReceiveEffect.SaveCursor save:
                _engine.SetMetaAsync(TransferCursor.Name, save.Cursor.Save())
                    .PipeTo(Self, failure: e => new CursorNotSaved(e.GetBaseException().Message));
                break;
            case ReceiveEffect.Compare compare: Compare(compare.Of, compare.With); break;
            case ReceiveEffect.TellReceived received:
                _log.Debug("received partition {0}: {1} keys, {2} bytes", received.Partition, received.Keys, received.Bytes);
                Context.Parent.Tell(new PartitionReceived(received.Epoch, received.PlanId, received.Partition));
                break;
            case ReceiveEffect.TellLost lost:
                _log.Error("partition {0}: none of its former owners is left, so data that only they held is lost", lost.Partition);
                Context.Parent.Tell(new PartitionReceived(lost.Epoch, lost.PlanId, lost.Partition));
                break;
            case ReceiveEffect.GoOn: StepAfter(_pace.Stretch(_settings.Transfers.Interval)); break;
            case ReceiveEffect.Rest: StepAfter(_settings.Transfers.RetryInterval); break;
            default: throw new NotSupportedException(effect.ToString());
        }
    }

    private void AskChunk(ReceiveEffect.AskChunk ask)
    {
        var source = NodePaths.Of(Context.System, ask.From, View.AddressOf(ask.From)!.Value, NodePaths.Transfers);
        FetchAsync(source, new ChunkRequest(ask.Of.Partition, ask.After, _settings.Transfers.ChunkBytes))
            .PipeTo(
                Self,
                success: came => came is { } chunk ? new ChunkStored(ask.Of, ask.From, chunk) : (object)new ChunkFailed(ask.Of, ask.From, "some of its records could not be stored here"),
                failure: e => new ChunkFailed(ask.Of, ask.From, e.GetBaseException().Message));
    }

    // A chunk is stored here before the next is requested; that request is the acknowledgement.
    private async Task<StoredChunk?> FetchAsync(IActorRef source, ChunkRequest request)
    {
        var (owners, replica, settings) = (_owners, _replica, _settings);
        var chunk = await source.Ask<TransferChunk>(request, settings.Request.Timeout);
        var stored = new StoredChunk(
            chunk.Records.Length, chunk.Records.Sum(r => (long)RecordSizes.Of(r.Key, r.Set)), chunk.Records is [.., var last] ? last.Key : null, chunk.IsLast);
        var items = chunk.Records.Where(r => owners.IsToOwn(request.Partition, r.Key))
            .Select(r => new WriteItem(r.Key, r.Set, null, owners.View.State.ModeOf(r.Key, settings.Bucket), WriteCause.Transfer)).ToImmutableArray();
        if (items.IsEmpty) return stored;
        var answers = await replica.Ask<WriteAnswers>(new WriteBatch(items), settings.Request.Timeout);
        return answers.Outcomes.Contains(WriteOutcome.Refused) ? null : stored;
    }

    private void Compare(Reception reception, NodeId owner) =>
        _antiEntropy.Ask<Reconciled>(new Reconcile(owner, reception.Partition), _settings.Transfers.CompareTimeout)
            .PipeTo(Self, success: done => new Compared(reception, done.Failure), failure: _ => new Compared(reception, $"the comparison with node {owner} took too long"));

    private sealed record Step
    {
        public static readonly Step Instance = new();
    }

    private sealed record ChunkStored(Reception Of, NodeId From, StoredChunk Chunk);

    /// <summary>The chunk did not arrive, or was not stored.</summary>
    private sealed record ChunkFailed(Reception Of, NodeId From, string Cause);

    private sealed record CursorNotSaved(string Cause);

    private sealed record Compared(Reception Of, string? Failure);
}
