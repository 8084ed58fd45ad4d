using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Dynamo.Actors.Gossip;
using Dynamo.Actors.Node;
using Dynamo.Actors.Settings;
using Dynamo.Actors.Storage;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;
using Dynamo.Protocol;

namespace Dynamo.Actors.Transfers;

/// <summary>
/// Drops what this node holds of partitions that it does not own (any more), whatever brought it here: a plan that moved them away, one that was
/// overtaken, a late write. A record goes only after every owner has said that it holds the same, or has taken it in.
/// </summary>
public sealed class HandOffActor : UntypedActor, IWithTimers
{
    private const int PartitionsPerLook = 16;
    private const int RecordsPerBatch = 200;
    private readonly DynamoSettings _settings;
    private readonly IStorageEngine _engine;
    private readonly BackgroundPace _pace;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly DamagedRecords _damaged = new(Context.GetLogger());
    private readonly Dictionary<int, TimeSpan> _strangeSince = [];
    private readonly Dictionary<int, string> _waiting = [];
    private ClusterView _view;
    private Giving? _giving;
    private int _next;
    private int _cleanInARow;

    public HandOffActor(DynamoSettings settings, IStorageEngine engine, BackgroundPace pace)
    {
        _settings = settings;
        _engine = engine;
        _pace = pace;
        _view = new ClusterView(settings.Node.Id, ClusterState.Empty, []);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    public static Props Props(DynamoSettings settings, IStorageEngine engine, BackgroundPace pace) =>
        Akka.Actor.Props.Create(() => new HandOffActor(settings, engine, pace));

    protected override void PreStart() => Rest();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ViewChanged changed: OnView(changed.View); break;
            case Step: OnStep(); break;
            case Given given when given.Of == _giving: OnGiven(_giving!, given); break;
            case Given: break;
            case Dropped: GoOn(); break;
            case TransfersRequest: Sender.Tell(new TransferReports([.. Reports()])); break;
            default: Unhandled(message); break;
        }
    }

    private void OnView(ClusterView view)
    {
        var isNewRing = !view.State.Ring.Equals(_view.State.Ring);
        _view = view;
        if (isNewRing) _cleanInARow = 0;
    }

    private void Rest() => Timers.StartSingleTimer("step", Step.Instance, _settings.Transfers.RetryInterval);

    private void GoOn() => Timers.StartSingleTimer("step", Step.Instance, _pace.Stretch(_settings.Transfers.Interval));

    private void OnStep()
    {
        if (_view.Ring.IsNone)
        {
            Rest();
            return;
        }
        _giving ??= Look();
        if (_giving is not null) Give(_giving);
        else
        {
            TellIfLeft();
            Rest();
        }
    }

    // ---- what is there that is not this node's

    private Giving? Look()
    {
        for (var looked = 0; looked < Math.Min(PartitionsPerLook, _view.Ring.PartitionCount); looked++)
        {
            var partition = _next++ % _view.Ring.PartitionCount;
            if (!IsStray(partition))
            {
                _strangeSince.Remove(partition);
                _waiting.Remove(partition);
                _cleanInARow++;
                continue;
            }
            _cleanInARow = 0;
            // Coordinators that have not heard of the move yet may still ask here.
            if (!_strangeSince.TryGetValue(partition, out var since)) _strangeSince[partition] = since = Now;
            if (Now - since < _settings.Transfers.DropDelay) _waiting[partition] = "the other nodes are given time to hear of the move";
            else if (Silent(partition) is { Length: > 0 } silent) _waiting[partition] = $"owners that do not answer: {string.Join(", ", silent)}";
            else return new Giving(partition, Now);
        }
        return null;
    }

    private bool IsStray(int partition)
    {
        if (Owners(partition).Contains(_view.Self) || _view.State.Ring.Incoming(partition).Contains(_view.Self)) return false;
        var (first, last) = _view.Ring.Tokens(partition);
        return _damaged.Scan(_engine, first, last, null, 1).Count > 0;
    }

    private ImmutableArray<NodeId> Owners(int partition) => [.. _view.Ring.Primaries(partition, _view.State.MostReplicas(_settings.Bucket))];

    private NodeId[] Silent(int partition) => [.. Owners(partition).Where(o => !_view.IsHealthy(o))];

    private void TellIfLeft()
    {
        var isLeaving = _view.State.Members.TryGetValue(_view.Self, out var self) && self.Status == MemberStatus.Leaving;
        if (!isLeaving || !_view.State.Ring.IsSettled || _view.Ring.PartitionsOwnedBy(_view.Self) > 0) return;
        if (_cleanInARow < _view.Ring.PartitionCount || _engine.Figures.Hints > 0) return;
        Context.Parent.Tell(HandedAllOff.Instance);
    }

    // ---- giving it to those whose it is

    private void Give(Giving giving)
    {
        var (first, last) = _view.Ring.Tokens(giving.Partition);
        var records = StoreBatches.Bounded(_damaged.Scan(_engine, first, last, giving.Cursor, RecordsPerBatch), _settings.Limits.BatchBytes);
        if (records.Count == 0 || Silent(giving.Partition).Length > 0)
        {
            if (giving.Dropped > 0) _log.Info("partition {0} is handed off: {1} keys were with all its owners and are dropped here", giving.Partition, giving.Dropped);
            _giving = null;
            GoOn();
            return;
        }
        var owners = Owners(giving.Partition);
        Task.WhenAll(owners.Select(o => ProveAsync(NodePaths.Of(Context.System, o, _view.AddressOf(o)!.Value, NodePaths.Replica), records)))
            .PipeTo(Self, success: held => new Given(giving, records, owners, held), failure: _ => new Given(giving, records, owners, []));
    }

    /// <returns>For each record whether the owner holds it now.</returns>
    private async Task<bool[]> ProveAsync(IActorRef owner, IReadOnlyList<StoredRecord> records)
    {
        var (settings, view) = (_settings, _view);
        var states = await owner.Ask<KeyStates>(new KeyStatesRequest([.. records.Select(r => r.Key)]), settings.Request.Timeout);
        if (states.States.Length != records.Count) return new bool[records.Count];
        var held = records.Select((r, i) => states.States[i].Digest == VersionCodec.Digest(r.Key, r.Record.Versions)).ToArray();
        var missing = Enumerable.Range(0, held.Length).Where(i => !held[i]).ToArray();
        if (missing.Length == 0) return held;
        var items = missing.Select(i => new WriteItem(
            records[i].Key, records[i].Record.Versions, null, view.State.ModeOf(records[i].Key, settings.Bucket), WriteCause.Transfer));
        var answers = await owner.Ask<WriteAnswers>(new WriteBatch([.. items]), settings.Request.Timeout);
        for (var i = 0; i < missing.Length && answers.Outcomes.Length == missing.Length; i++) held[missing[i]] = answers.Outcomes[i] != WriteOutcome.Refused;
        return held;
    }

    private void OnGiven(Giving giving, Given given)
    {
        // By another ring the partition may be this node's again, or others'.
        if (given.HeldBy.Length == 0 || !given.Owners.SequenceEqual(Owners(giving.Partition)) || !IsStray(giving.Partition))
        {
            _waiting[giving.Partition] = "an owner did not answer";
            _giving = null;
            Rest();
            return;
        }
        var proved = given.Records.Where((_, i) => given.HeldBy.All(held => held[i])).ToArray();
        giving.Passed(given.Records[^1].Key, proved.Length, proved.Sum(r => (long)StoreBatches.SizeOf(r.Key, r.Record.Versions)));
        if (proved.Length > 0)
            _engine.WriteAsync([.. proved.Select(r => new DropIf(new RecordKey(r.Key), r.Record.Versions))]).PipeTo(Self, success: _ => Dropped.Instance, failure: _ => Dropped.Instance);
        else GoOn();
    }

    private IEnumerable<TransferReport> Reports()
    {
        foreach (var (partition, why) in _waiting.Where(w => w.Key != _giving?.Partition).OrderBy(w => w.Key))
            yield return new TransferReport(partition, _view.Self, null, 0, 0, 0, 0, 0, why);
        if (_giving is not null) yield return _giving.Report(_view.Self, _view.Ring, Now);
    }

    private sealed class Giving(int partition, TimeSpan began)
    {
        private long _bytes;

        public int Partition => partition;

        public StorageKey? Cursor { get; private set; }

        public long Dropped { get; private set; }

        public void Passed(StorageKey last, int dropped, long bytes)
        {
            Cursor = last;
            Dropped += dropped;
            _bytes += bytes;
        }

        public TransferReport Report(NodeId self, HashRing ring, TimeSpan now)
        {
            var elapsed = now - began;
            return new TransferReport(
                partition, self, null, Dropped, _bytes, (long)(_bytes / Math.Max(0.001, elapsed.TotalSeconds)), ring.Covered(partition, Cursor), (long)elapsed.TotalMilliseconds, "");
        }
    }

    private sealed record Given(Giving Of, IReadOnlyList<StoredRecord> Records, ImmutableArray<NodeId> Owners, bool[][] HeldBy);

    private sealed record Dropped
    {
        public static readonly Dropped Instance = new();
    }

    private sealed record Step
    {
        public static readonly Step Instance = new();
    }
}
