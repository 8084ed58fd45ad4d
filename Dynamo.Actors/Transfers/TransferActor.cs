using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Dynamo.Actors.AntiEntropy;
using Dynamo.Actors.Settings;
using Dynamo.Actors.Shared;
using Dynamo.Actors.Storage;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Protocol;

namespace Dynamo.Actors.Transfers;

/// <summary>
/// Receives the partitions that a plan gives this node, one after the other: in chunks, each acknowledged by asking for the next, at the
/// pace that the foreground leaves. A partition counts as received when every old owner that answers has proved, by hash tree, that
/// it holds nothing which this node has not. Also serves chunks to others.
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
    private readonly Dictionary<int, string> _waiting = [];
    private ClusterView _view;
    private Reception? _reception;
    private int _lastTried = -1;

    public TransferActor(DynamoSettings settings, IStorageEngine engine, IActorRef replica, IActorRef antiEntropy, BackgroundPace pace)
    {
        _settings = settings;
        _engine = engine;
        _replica = replica;
        _antiEntropy = antiEntropy;
        _pace = pace;
        _view = new ClusterView(settings.Node.Id, ClusterState.Empty, []);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    public static Props Props(DynamoSettings settings, IStorageEngine engine, IActorRef replica, IActorRef antiEntropy, BackgroundPace pace) =>
        Akka.Actor.Props.Create(() => new TransferActor(settings, engine, replica, antiEntropy, pace));

    protected override void PreStart() => Rest();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ChunkRequest asked: Sender.Tell(ChunkOf(asked)); break;
            case ViewChanged changed: OnView(changed.View); break;
            case Step: OnStep(); break;
            case ChunkStored stored when stored.Of == _reception: OnStored(_reception!, stored.Chunk); break;
            case Compared compared when compared.Of == _reception: OnCompared(_reception!, compared.Failure); break;
            case ChunkStored or Compared: break;
            case TransfersRequest: Sender.Tell(new TransferReports([.. Reports()])); break;
            default: Unhandled(message); break;
        }
    }

    // ---- serving

    private TransferChunk ChunkOf(ChunkRequest asked)
    {
        if (asked.Partition >= _view.Ring.PartitionCount) return new TransferChunk([], IsLast: true);
        var (first, last) = _view.Ring.Tokens(asked.Partition);
        var records = ImmutableArray.CreateBuilder<KeySet>();
        var (after, bytes) = (asked.After, 0L);
        while (bytes < Math.Min(asked.MostBytes, _settings.Limits.BatchBytes))
        {
            var page = _damaged.Scan(_engine, first, last, after, RecordsPerRead);
            foreach (var (key, record) in page)
            {
                records.Add(new KeySet(key, record.Versions));
                after = key;
                if ((bytes += RecordSizes.Of(key, record.Versions)) >= asked.MostBytes) return new TransferChunk(records.ToImmutable(), IsLast: false);
            }
            if (page.Count == 0) return new TransferChunk(records.ToImmutable(), IsLast: true);
        }
        return new TransferChunk(records.ToImmutable(), IsLast: false);
    }

    // ---- receiving

    private IEnumerable<int> Incoming()
    {
        var ring = _view.State.Ring;
        return Enumerable.Range(0, ring.To.PartitionCount).Where(p => ring.Incoming(p).Contains(_view.Self));
    }

    private void OnView(ClusterView view)
    {
        var isNewPlan = !view.State.Ring.IsSamePlan(_view.State.Ring);
        _view = view;
        if (!isNewPlan) return;
        _waiting.Clear();
        _reception = null;
        GoOn();
    }

    private void Rest() => Timers.StartSingleTimer("step", Step.Instance, _settings.Transfers.RetryInterval);

    private void GoOn() => Timers.StartSingleTimer("step", Step.Instance, _pace.Stretch(_settings.Transfers.Interval));

    private void OnStep()
    {
        _reception ??= Begin();
        if (_reception is null) Rest();
        else if (!_reception.IsCopied) AskChunk(_reception);
        else if (_reception.NextToCompare is { } owner) Compare(_reception, owner);
        else Finish(_reception);
    }

    // In turn, so that a partition which has to wait does not hold up the others.
    private Reception? Begin()
    {
        var incoming = Incoming().ToArray();
        if (incoming.Length == 0) return null;
        if (_view.State.UnawareOfChange.Any()) return null;
        foreach (var partition in incoming.Where(p => p > _lastTried).Concat(incoming.Where(p => p <= _lastTried)))
        {
            _lastTried = partition;
            if (TryBegin(partition) is { } reception) return reception;
        }
        return null;
    }

    private Reception? TryBegin(int partition)
    {
        // Who is not known yet is no more than silent: the ring may be here before the members are.
        var owners = _view.State.Ring.Serving.Owners[partition].Where(o => !_view.State.IsGone(o)).ToArray();
        if (owners.Length == 0)
        {
            _log.Error("partition {0}: no owner of it is left, and what only they held is lost", partition);
            Context.Parent.Tell(new PartitionReceived(_view.State.Ring.Epoch, _view.State.Ring.PlanId, partition));
            return null;
        }
        var healthy = owners.Where(_view.IsHealthy).ToArray();
        // With a minority of the owners, a write that was acknowledged might be on none of them.
        if (healthy.Length == 0 || healthy.Length * 2 < owners.Length)
        {
            _waiting[partition] = $"{healthy.Length} of its {owners.Length} owners answer ({string.Join(", ", owners)})";
            return null;
        }
        _waiting.Remove(partition);
        var first = (partition + _settings.Node.Id.Name.Length) % healthy.Length;
        var reception = new Reception(partition, _view.Ring, [.. healthy.Skip(first), .. healthy.Take(first)], Now);
        if (TransferCursor.Load(_engine.GetMeta(TransferCursor.Name)) is { } cursor && cursor.PlanId == _view.State.Ring.PlanId && cursor.Partition == partition)
            reception.ResumeAt(cursor.After);
        return reception;
    }

    private void AskChunk(Reception reception)
    {
        if (_view.AddressOf(reception.Source) is not { } address)
        {
            GiveUp(reception, $"node {reception.Source} is not known");
            return;
        }
        var source = NodePaths.Of(Context.System, reception.Source, address, NodePaths.Transfers);
        FetchAsync(source, new ChunkRequest(reception.Partition, reception.Cursor, _settings.Transfers.ChunkBytes))
            .PipeTo(Self, success: chunk => new ChunkStored(reception, chunk), failure: _ => new ChunkStored(reception, null));
    }

    // Stored here before the next is asked for: that is the acknowledgement.
    private async Task<TransferChunk?> FetchAsync(IActorRef source, ChunkRequest request)
    {
        var view = _view;
        var (replica, settings) = (_replica, _settings);
        var chunk = await source.Ask<TransferChunk>(request, settings.Request.Timeout);
        if (chunk.Records.Length == 0) return chunk;
        // Of buckets with fewer replicas than others this node is to own nothing where it comes late in the list.
        var items = chunk.Records.Where(r => view.State.Ring.To.IsPrimary(view.Self, request.Partition, view.State.ReplicasOf(r.Key, settings.Bucket)))
            .Select(r => new WriteItem(r.Key, r.Set, null, view.State.ModeOf(r.Key, settings.Bucket), WriteCause.Transfer)).ToImmutableArray();
        if (items.IsEmpty) return chunk;
        var answers = await replica.Ask<WriteAnswers>(new WriteBatch(items), settings.Request.Timeout);
        return answers.Outcomes.Contains(WriteOutcome.Refused) ? null : chunk;
    }

    private void OnStored(Reception reception, TransferChunk? chunk)
    {
        if (chunk is null)
        {
            GiveUp(reception, $"node {reception.Source} sent nothing, or it could not be stored here");
            return;
        }
        reception.Stored(chunk);
        if (reception.Cursor is { } cursor)
            _engine.SetMetaAsync(TransferCursor.Name, new TransferCursor(_view.State.Ring.PlanId, reception.Partition, cursor).Save());
        GoOn();
    }

    private void Compare(Reception reception, NodeId owner) =>
        _antiEntropy.Ask<Reconciled>(new Reconcile(owner, reception.Partition), _settings.Transfers.CompareTimeout)
            .PipeTo(Self, success: done => new Compared(reception, done.Failure), failure: _ => new Compared(reception, $"the comparison with node {owner} took too long"));

    private void OnCompared(Reception reception, string? failure)
    {
        if (failure is not null)
        {
            GiveUp(reception, failure);
            return;
        }
        reception.Compared();
        GoOn();
    }

    private void Finish(Reception reception)
    {
        var ring = _view.State.Ring;
        _log.Debug("partition {0} is received: {1} keys, {2} bytes", reception.Partition, reception.Keys, reception.Bytes);
        _reception = null;
        Context.Parent.Tell(new PartitionReceived(ring.Epoch, ring.PlanId, reception.Partition));
        GoOn();
    }

    private void GiveUp(Reception reception, string why)
    {
        _waiting[reception.Partition] = why;
        _reception = null;
        Rest();
    }

    private IEnumerable<TransferReport> Reports()
    {
        var unaware = string.Join(", ", _view.State.UnawareOfChange);
        return Incoming().Select(p => p == _reception?.Partition
            ? _reception.Report(_view.Self, Now)
            : new TransferReport(p, null, _view.Self, 0, 0, 0, 0, 0, unaware.Length > 0 ? $"not heard of the plan yet: {unaware}" : _waiting.GetValueOrDefault(p, "its turn")));
    }

    private sealed record Step
    {
        public static readonly Step Instance = new();
    }

    /// <param name="Chunk">Null: it did not come, or was not stored.</param>
    private sealed record ChunkStored(Reception Of, TransferChunk? Chunk);

    private sealed record Compared(Reception Of, string? Failure);
}
