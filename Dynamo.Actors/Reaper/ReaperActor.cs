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

namespace Dynamo.Actors.Reaper;

/// <summary>
/// Removes tombstones for good. A key's first primary does so, and only when every member of the cluster answers, all primaries hold the same
/// set with nothing but tombstones, no other node has a copy or a hint of the key, and the tombstone has stood unchanged for longer than any
/// request lives. The clock alone never decides.
/// </summary>
public sealed class ReaperActor : UntypedActor, IWithTimers
{
    private const int KeysPerStep = 1000;
    private const int MaxCandidates = 10_000;
    private readonly DynamoSettings _settings;
    private readonly IStorageEngine _engine;
    private readonly BackgroundPace _pace;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly DamagedRecords _damaged = new(Context.GetLogger());
    private readonly Candidates _candidates = new(MaxCandidates);
    private ClusterView _view;
    private StorageKey? _scannedTo;

    public ReaperActor(DynamoSettings settings, IStorageEngine engine, BackgroundPace pace)
    {
        _settings = settings;
        _engine = engine;
        _pace = pace;
        _view = new ClusterView(settings.Node.Id, ClusterState.Empty, []);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(DynamoSettings settings, IStorageEngine engine, BackgroundPace pace) =>
        Akka.Actor.Props.Create(() => new ReaperActor(settings, engine, pace));

    protected override void PreStart() => Wait();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ViewChanged changed: _view = changed.View; break;
            case Step: OnStep(); break;
            case Asked asked: OnAsked(asked); break;
            case Reaped reaped: OnReaped(reaped); break;
            default: Unhandled(message); break;
        }
    }

    private void Wait() => Timers.StartSingleTimer("step", Step.Instance, _pace.Stretch(_settings.Tombstones.Interval));

    // A node that cannot be asked may hold an older version that the tombstone must cover.
    private bool EveryoneIsHere => !_view.Ring.IsNone && _view.State.Ring.IsSettled
        && _view.Ring.Nodes.All(_view.State.Members.ContainsKey) && _view.State.Present.All(m => _view.IsHealthy(m.Id));

    private void OnStep()
    {
        if (!EveryoneIsHere)
        {
            _candidates.Clear();
            Wait();
            return;
        }
        var due = Scan();
        if (due.Count == 0) Wait();
        else Ask(due);
    }

    // Scans one page of the store. A record with only tombstones is a candidate; one that is unchanged for the grace period is due.
    private List<StoredRecord> Scan()
    {
        var now = Context.System.Scheduler.MonotonicClock;
        var page = _damaged.Scan(_engine, new Token(0), new Token(ulong.MaxValue), _scannedTo, KeysPerStep);
        _scannedTo = page.Count == 0 ? null : page[^1].Key;
        if (_scannedTo is null) _candidates.EndPass();
        var due = new List<StoredRecord>();
        foreach (var stored in page)
        {
            if (!stored.Record.Versions.IsDeleted || !IsFirstPrimary(stored.Key))
            {
                _candidates.Remove(stored.Key);
                continue;
            }
            var since = _candidates.Met(stored.Key, VersionCodec.Digest(stored.Key, stored.Record.Versions), now);
            if (now - since >= _settings.Tombstones.Grace && due.Count < _settings.Tombstones.Batch) due.Add(stored);
        }
        return due;
    }

    private bool IsFirstPrimary(StorageKey key) => Primaries(key)[0] == _view.Self;

    private ReadOnlySpan<NodeId> Primaries(StorageKey key) =>
        _view.Ring.Primaries(_view.Ring.PartitionOf(key.Token), _view.State.ReplicasOf(key, _settings.Bucket));

    private void Ask(List<StoredRecord> due)
    {
        var members = _view.State.Present.ToArray();
        var keys = due.Select(d => d.Key).ToImmutableArray();
        var asks = members.Select(m => NodePaths.Of(Context.System, m.Id, m.Address, NodePaths.Replica).Ask<KeyStates>(new KeyStatesRequest(keys), _settings.Request.Timeout));
        Task.WhenAll(asks).PipeTo(
            Self,
            success: states => new Asked(due, members.Select(m => m.Id).Zip(states).ToDictionary(s => s.First, s => s.Second)),
            failure: _ => new Asked(due, null));
    }

    private void OnAsked(Asked asked)
    {
        if (asked.States is not { } states || states.Values.Any(s => s.States.Length != asked.Due.Count) || !EveryoneIsHere)
        {
            Wait();
            return;
        }
        var agreed = new List<StoredRecord>();
        for (var i = 0; i < asked.Due.Count; i++)
        {
            var (place, stored) = (i, asked.Due[i]);
            var digest = VersionCodec.Digest(stored.Key, stored.Record.Versions);
            var primaries = Primaries(stored.Key).ToArray();
            // A copy left on another node, such as a former owner, would come back with no tombstone to cover it.
            var isAgreed = primaries.All(states.ContainsKey)
                && states.All(s => !s.Value.States[place].HasHint && s.Value.States[place].Digest == (primaries.Contains(s.Key) ? digest : 0));
            if (isAgreed) agreed.Add(stored);
            _candidates.Remove(stored.Key);
        }
        if (agreed.Count == 0) Wait();
        else Reap(agreed);
    }

    private void Reap(List<StoredRecord> agreed)
    {
        var byNode = new Dictionary<NodeId, List<KeySet>>();
        foreach (var (key, record) in agreed)
            foreach (var primary in Primaries(key))
            {
                if (!byNode.TryGetValue(primary, out var items)) byNode[primary] = items = [];
                items.Add(new KeySet(key, record.Versions));
            }
        var asks = byNode.Select(n => NodePaths.Of(Context.System, n.Key, _view.AddressOf(n.Key)!.Value, NodePaths.Replica)
            .Ask<WriteAnswers>(new ReapBatch([.. n.Value]), _settings.Request.Timeout));
        Task.WhenAll(asks).PipeTo(Self, success: _ => new Reaped(agreed.Count), failure: _ => new Reaped(0));
    }

    private void OnReaped(Reaped reaped)
    {
        if (reaped.Keys > 0) _log.Info("removed {0} tombstones that all primaries held", reaped.Keys);
        Wait();
    }

    private sealed record Step
    {
        public static readonly Step Instance = new();
    }

    private sealed record Asked(List<StoredRecord> Due, Dictionary<NodeId, KeyStates>? States);

    private sealed record Reaped(int Keys);
}
