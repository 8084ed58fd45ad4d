using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Dynamo.Actors.Settings;
using Dynamo.Actors.Shared;
using Dynamo.Actors.Storage;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;
using Dynamo.Protocol;

namespace Dynamo.Actors.Transfers;

/// <summary>
/// Drops what this node holds though it is none of the key's owners (any more), whatever brought it here: a plan that moved a partition away, one that
/// was overtaken, a late write, a bucket whose N was lowered. A record goes only after every owner has said that it holds the same, or has taken it in.
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
    // Partitions of this node in which a bucket with a smaller N may have left keys; looked through once after each change of ring or buckets.
    private readonly HashSet<int> _unswept = [];
    private ClusterView _view;
    private Giving? _giving;
    private int _changes;
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
        var isNewToBuckets = isNewRing || !view.State.Buckets.SequenceEqual(_view.State.Buckets);
        _view = view;
        if (isNewRing) _cleanInARow = 0;
        if (!isNewToBuckets) return;
        _changes++;
        _unswept.UnionWith(Enumerable.Range(0, view.Ring.PartitionCount));
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
            if (!IsStray(partition) && !IsUnswept(partition))
            {
                _strangeSince.Remove(partition);
                _waiting.Remove(partition);
                _cleanInARow++;
                continue;
            }
            _cleanInARow = 0;
            if (WhyNotYet(partition) is not { } why) return new Giving(partition, _changes, Now);
            if (!IsMine(partition)) _waiting[partition] = why;
        }
        return null;
    }

    private string? WhyNotYet(int partition)
    {
        // Coordinators that have not heard of the change yet may still ask here.
        if (!_strangeSince.TryGetValue(partition, out var since)) _strangeSince[partition] = since = Now;
        if (Now - since < _settings.Transfers.DropDelay) return "the other nodes are given time to hear of the change";
        return Silent(partition) is { Length: > 0 } silent ? $"owners that do not answer: {string.Join(", ", silent)}" : null;
    }

    private bool IsStray(int partition)
    {
        if (IsMine(partition)) return false;
        var (first, last) = _view.Ring.Tokens(partition);
        return _damaged.Scan(_engine, first, last, null, 1).Count > 0;
    }

    // Of a partition that is on its way to this node nothing is.
    private IEnumerable<StoredRecord> Strays(int partition, IEnumerable<StoredRecord> records) =>
        IsIncoming(partition) ? [] : records.Where(r => !IsOwner(_view.Self, partition, r.Key));

    private bool IsUnswept(int partition) =>
        _unswept.Contains(partition) && Owners(partition).Contains(_view.Self) && !IsIncoming(partition)
        && !_view.Ring.IsPrimary(_view.Self, partition, _view.State.FewestReplicas(_settings.Bucket));

    private bool IsMine(int partition) => Owners(partition).Contains(_view.Self) || IsIncoming(partition);

    private bool IsIncoming(int partition) => _view.State.Ring.Incoming(partition).Contains(_view.Self);

    private bool IsOwner(NodeId node, int partition, StorageKey key) =>
        _view.Ring.IsPrimary(node, partition, _view.State.ReplicasOf(key, _settings.Bucket));

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
        var page = RecordSizes.Bounded(_damaged.Scan(_engine, first, last, giving.Cursor, RecordsPerBatch), _settings.Limits.BatchBytes);
        if (page.Count == 0 || Silent(giving.Partition).Length > 0)
        {
            if (giving.Dropped > 0) _log.Info("partition {0} is handed off: {1} keys were with all their owners and are dropped here", giving.Partition, giving.Dropped);
            if (page.Count == 0 && giving.FoundNothing && giving.Change == _changes) _unswept.Remove(giving.Partition);
            _giving = null;
            GoOn();
            return;
        }
        var owners = Owners(giving.Partition);
        var strays = Strays(giving.Partition, page).ToArray();
        giving.Passed(page[^1].Key);
        Task.WhenAll(owners.Select(o => ProveAsync(o, [.. strays.Where(r => IsOwner(o, giving.Partition, r.Key))])))
            .PipeTo(Self, success: held => new Given(giving, strays, owners, held), failure: _ => new Given(giving, strays, owners, null));
    }

    /// <returns>The keys of those that the owner does not hold even now.</returns>
    private async Task<StorageKey[]> ProveAsync(NodeId node, StoredRecord[] records)
    {
        if (records.Length == 0) return [];
        var (settings, view) = (_settings, _view);
        var owner = NodePaths.Of(Context.System, node, view.AddressOf(node)!.Value, NodePaths.Replica);
        var states = await owner.Ask<KeyStates>(new KeyStatesRequest([.. records.Select(r => r.Key)]), settings.Request.Timeout);
        if (states.States.Length != records.Length) return [.. records.Select(r => r.Key)];
        var missing = records.Where((r, i) => states.States[i].Digest != VersionCodec.Digest(r.Key, r.Record.Versions)).ToArray();
        if (missing.Length == 0) return [];
        var items = missing.Select(r => new WriteItem(r.Key, r.Record.Versions, null, view.State.ModeOf(r.Key, settings.Bucket), WriteCause.Transfer));
        var answers = await owner.Ask<WriteAnswers>(new WriteBatch([.. items]), settings.Request.Timeout);
        return [.. missing.Where((_, i) => answers.Outcomes.Length != missing.Length || answers.Outcomes[i] == WriteOutcome.Refused).Select(r => r.Key)];
    }

    private void OnGiven(Giving giving, Given given)
    {
        // By another ring the partition may be this node's again, or others'.
        if (given.Missing is null || !given.Owners.SequenceEqual(Owners(giving.Partition)))
        {
            _waiting[giving.Partition] = "an owner did not answer";
            _giving = null;
            Rest();
            return;
        }
        var missing = given.Missing.SelectMany(m => m).ToHashSet();
        var proved = Strays(giving.Partition, given.Records).Where(r => !missing.Contains(r.Key)).ToArray();
        if (given.Records.Length > 0) giving.Gave(proved.Length, proved.Sum(r => (long)RecordSizes.Of(r.Key, r.Record.Versions)));
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

    private sealed class Giving(int partition, int change, TimeSpan began)
    {
        private long _bytes;

        public int Partition => partition;

        public int Change => change;

        public bool FoundNothing { get; private set; } = true;

        public StorageKey? Cursor { get; private set; }

        public long Dropped { get; private set; }

        public void Passed(StorageKey last) => Cursor = last;

        public void Gave(int dropped, long bytes)
        {
            FoundNothing = false;
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

    /// <param name="Missing">What each of the owners does not hold; null: one of them did not answer.</param>
    private sealed record Given(Giving Of, StoredRecord[] Records, ImmutableArray<NodeId> Owners, StorageKey[][]? Missing);

    private sealed record Dropped
    {
        public static readonly Dropped Instance = new();
    }

    private sealed record Step
    {
        public static readonly Step Instance = new();
    }
}
