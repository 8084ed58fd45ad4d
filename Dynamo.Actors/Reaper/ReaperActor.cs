using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Dynamo.Actors.Settings;
using Dynamo.Actors.Shared;
using Dynamo.Actors.Storage;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Tombstones;
using Dynamo.Core.Versioning;
using Dynamo.Core.Wire;
using Dynamo.Protocol;

namespace Dynamo.Actors.Reaper;

/// <summary>
/// Removes tombstones for good, by the rules of <see cref="Reaping"/>, once they have stood unchanged for longer than any request lives. The clock alone
/// never decides that. It does decide when a value of limited life expires: then the value gives its space back, and a tombstone stays.
/// </summary>
public sealed class ReaperActor : UntypedActor, IWithTimers
{
    private const int KeysPerStep = 1000;
    private const int MaxCandidates = 10_000;
    private const string Work = "the removal of tombstones";
    private const string Burial = "the removal of expired values";
    private readonly DynamoSettings _settings;
    private readonly IStorageEngine _engine;
    private readonly BackgroundPace _pace;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly BackgroundFailures _failures = new(Context.GetLogger());
    private readonly DamagedRecords _damaged = new(Context.GetLogger());
    private readonly Candidates _candidates = new(MaxCandidates);
    private ClusterView _view;
    private Reaping _reaping;
    private StorageKey? _scannedTo;
    private ClockMeasured _clock = new(0, IsOff: false);

    public ReaperActor(DynamoSettings settings, IStorageEngine engine, BackgroundPace pace)
    {
        _settings = settings;
        _engine = engine;
        _pace = pace;
        _view = new ClusterView(settings.Node.Id, ClusterState.Empty, []);
        _reaping = new Reaping(_view, settings.Bucket);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(DynamoSettings settings, IStorageEngine engine, BackgroundPace pace) =>
        Akka.Actor.Props.Create(() => new ReaperActor(settings, engine, pace));

    protected override void PreStart() => Wait();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ViewChanged changed: OnView(changed.View); break;
            case ClockMeasured measured: _clock = measured; break;
            case Buried buried: OnBuried(buried); break;
            case Step: OnStep(); break;
            case Asked asked: OnAsked(asked); break;
            case Reaped reaped: OnReaped(reaped); break;
            default: Unhandled(message); break;
        }
    }

    private void Wait() => Timers.StartSingleTimer("step", Step.Instance, _pace.Stretch(_settings.Tombstones.Interval));

    private void OnView(ClusterView view)
    {
        _view = view;
        _reaping = new Reaping(view, _settings.Bucket);
    }

    private void OnStep()
    {
        var page = _damaged.Scan(_engine, new Token(0), new Token(ulong.MaxValue), _scannedTo, KeysPerStep);
        _scannedTo = page.Count == 0 ? null : page[^1].Key;
        Bury(page);
        if (!_reaping.IsPossible)
        {
            _candidates.Clear();
            Wait();
            return;
        }
        var due = DueOf(page);
        if (due.Count == 0) Wait();
        else Ask(due);
    }

    // Each node does it by itself: the tombstone has the name of the write that expired, so that replicas do not differ by it. Not while this node's clock may
    // be the wrong one, and not before a clock that is late by the tolerated skew has seen the value expire.
    private void Bury(IReadOnlyList<StoredRecord> page)
    {
        if (_clock.IsOff) return;
        var nowMs = Context.System.Scheduler.Now.ToUnixTimeMilliseconds() - Math.Max(0, _clock.LeadMs) - (long)_settings.Clock.MaxSkew.TotalMilliseconds;
        var expired = page.Where(s => s.Record.Versions.HasExpired(nowMs)).Select(s => new BuryExpired(new RecordKey(s.Key), nowMs)).ToArray();
        if (expired.Length == 0) return;
        _engine.WriteAsync(expired).PipeTo(Self, success: applied => new Buried(applied.Count(a => a.IsChange)), failure: e => new Buried(0, e));
    }

    private void OnBuried(Buried buried)
    {
        if (buried.Failure is { } failure) _failures.Note(Burial, failure);
        else if (_failures.Note(Burial, cause: null)) _log.Debug("removed {0} expired values", buried.Values);
    }

    // A record with tombstones only is a candidate; a candidate that stays unchanged for the grace is due.
    private List<StoredRecord> DueOf(IReadOnlyList<StoredRecord> page)
    {
        var now = Context.System.Scheduler.MonotonicClock;
        if (_scannedTo is null) _candidates.EndPass();
        var (due, room) = (new List<StoredRecord>(), new ByteBudget(_settings.Limits.BatchBytes, _settings.Tombstones.Batch));
        foreach (var stored in page)
        {
            if (!stored.Record.Versions.IsDeleted || !_reaping.IsFirstPrimary(stored.Key))
            {
                _candidates.Remove(stored.Key);
                continue;
            }
            var since = _candidates.Met(stored.Key, VersionCodec.Digest(stored.Key, stored.Record.Versions), now);
            if (now - since >= _settings.Tombstones.Grace && room.TryTake(RecordSizes.Of(stored.Key, stored.Record.Versions))) due.Add(stored);
        }
        return due;
    }

    private void Ask(List<StoredRecord> due)
    {
        var members = _view.State.Present.ToArray();
        var keys = due.Select(d => d.Key).ToImmutableArray();
        var asks = members.Select(m => NodePaths.Of(Context.System, m.Id, m.Address, NodePaths.Replica).Ask<KeyStates>(new KeyStatesRequest(keys), _settings.Request.Timeout));
        Task.WhenAll(asks).PipeTo(
            Self,
            success: states => new Asked(due, members.Select(m => m.Id).Zip(states).ToDictionary(s => s.First, s => s.Second)),
            failure: e => new Asked(due, null, e));
    }

    private void OnAsked(Asked asked)
    {
        if (asked.Failure is { } failure) _failures.Note(Work, failure);
        if (asked.States is not { } states || states.Values.Any(s => s.States.Length != asked.Due.Count) || !_reaping.IsPossible)
        {
            Wait();
            return;
        }
        var agreed = new List<StoredRecord>();
        for (var i = 0; i < asked.Due.Count; i++)
        {
            var (place, stored) = (i, asked.Due[i]);
            var digest = VersionCodec.Digest(stored.Key, stored.Record.Versions);
            var answers = states.ToDictionary(s => s.Key, s => new HeldKey(s.Value.States[place].Digest, s.Value.States[place].HasHint));
            if (_reaping.IsAgreed(stored.Key, digest, answers)) agreed.Add(stored);
            _candidates.Remove(stored.Key);
        }
        if (agreed.Count == 0) Wait();
        else Reap(agreed);
    }

    private void Reap(List<StoredRecord> agreed)
    {
        var byNode = new Dictionary<NodeId, List<KeySet>>();
        foreach (var (key, record) in agreed)
            foreach (var primary in _reaping.Primaries(key))
            {
                if (!byNode.TryGetValue(primary, out var items)) byNode[primary] = items = [];
                items.Add(new KeySet(key, record.Versions));
            }
        var asks = byNode.Select(n => NodePaths.Of(Context.System, n.Key, _view.AddressOf(n.Key)!.Value, NodePaths.Replica)
            .Ask<WriteAnswers>(new ReapBatch([.. n.Value]), _settings.Request.Timeout));
        Task.WhenAll(asks).PipeTo(
            Self,
            success: answers => new Reaped(agreed.Count, answers.Any(a => a.Outcomes.Contains(WriteOutcome.Refused)) ? new StoreException("a primary refused it") : null),
            failure: e => new Reaped(agreed.Count, e));
    }

    private void OnReaped(Reaped reaped)
    {
        if (reaped.Failure is { } failure) _failures.Note(Work, failure);
        else if (_failures.Note(Work, cause: null)) _log.Info("removed {0} tombstones that all primaries held", reaped.Keys);
        Wait();
    }

    private sealed record Step
    {
        public static readonly Step Instance = new();
    }

    private sealed record Buried(int Values, Exception? Failure = null);

    private sealed record Asked(List<StoredRecord> Due, Dictionary<NodeId, KeyStates>? States, Exception? Failure = null);

    private sealed record Reaped(int Keys, Exception? Failure);
}
