using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Dynamo.Actors.Settings;
using Dynamo.Actors.Shared;
using Dynamo.Actors.Storage;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Transfers;
using Dynamo.Protocol;

namespace Dynamo.Actors.Transfers;

/// <summary>
/// Ownership handoff: drops records of keys that this node does not own (any more), whatever the cause: a plan that moved the partition away, a superseded
/// plan, a late write, a bucket whose N was lowered. A record is dropped only after every owner has confirmed that it holds the same, or has stored it.
/// Dynamo.Core/Transfers decides each step.
/// </summary>
public sealed class HandOffActor : UntypedActor, IWithTimers
{
    private readonly DynamoSettings _settings;
    private readonly IStorageEngine _engine;
    private readonly BackgroundPace _pace;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly BackgroundFailures _failures = new(Context.GetLogger());
    private readonly HandOff _handOff;
    private readonly List<HandOffEffect> _effects = [];
    private ClusterView _view;

    public HandOffActor(DynamoSettings settings, IStorageEngine engine, BackgroundPace pace)
    {
        _settings = settings;
        _engine = engine;
        _pace = pace;
        _view = new ClusterView(settings.Node.Id, ClusterState.Empty, []);
        _handOff = new HandOff(_view, settings.Bucket, settings.Transfers.DropDelay, new Holdings(engine, new DamagedRecords(_log), settings.Limits.BatchBytes));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    public static Props Props(DynamoSettings settings, IStorageEngine engine, BackgroundPace pace) =>
        Akka.Actor.Props.Create(() => new HandOffActor(settings, engine, pace));

    protected override void PreStart() => StepAfter(_settings.Transfers.RetryInterval);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case TransfersRequest asked:
                Sender.Tell(Reports.Answer(asked, _handOff.Progress(Now).Select(p => Reports.Of(p, _view.Self, null)), _settings.Limits.BatchBytes));
                return;
            case ViewChanged changed: OnView(changed.View); return;
            case Step: _handOff.Stepped(Now, _effects); break;
            case Proved proved:
                _failures.Note("the hand-off of records to their owners", proved.Failure);
                _handOff.Proved(proved.Asked, proved.Missing, _effects);
                break;
            case Dropped dropped:
                _failures.Note("the removal of records that were handed off", dropped.Failure);
                _handOff.Dropped(_effects);
                break;
            default: Unhandled(message); return;
        }
        foreach (var effect in _effects) CarryOut(effect);
        _effects.Clear();
    }

    private void OnView(ClusterView view)
    {
        _view = view;
        _handOff.ViewChanged(view);
    }

    private void StepAfter(TimeSpan pause) => Timers.StartSingleTimer("step", Step.Instance, pause);

    private void CarryOut(HandOffEffect effect)
    {
        switch (effect)
        {
            case HandOffEffect.Prove prove: Prove(prove); break;
            case HandOffEffect.Drop drop:
                _engine.WriteAsync([.. drop.Records.Select(r => new DropIf(new RecordKey(r.Key), r.Record.Versions))])
                    .PipeTo(Self, success: _ => new Dropped(null), failure: e => new Dropped(e.GetBaseException().Message));
                break;
            case HandOffEffect.TellHandedOff told:
                _log.Info("partition {0} is handed off: all owners have its {1} keys, and the copy here is dropped", told.Partition, told.Keys);
                break;
            case HandOffEffect.TellAllHandedOff: Context.Parent.Tell(HandedAllOff.Instance); break;
            case HandOffEffect.GoOn: StepAfter(_pace.Stretch(_settings.Transfers.Interval)); break;
            case HandOffEffect.Rest: StepAfter(_settings.Transfers.RetryInterval); break;
            default: throw new NotSupportedException(effect.ToString());
        }
    }

    private void Prove(HandOffEffect.Prove asked) =>
        Task.WhenAll(asked.Parts.Select(p => ProveAsync(p.Owner, p.Records)))
            .PipeTo(Self, success: missing => new Proved(asked, missing, null), failure: e => new Proved(asked, null, e.GetBaseException().Message));

    /// <returns>The keys that the owner still does not hold.</returns>
    private async Task<ImmutableArray<StorageKey>> ProveAsync(NodeId node, ImmutableArray<StoredRecord> records)
    {
        if (records.IsEmpty) return [];
        var (settings, view) = (_settings, _view);
        var owner = NodePaths.Of(Context.System, node, view.AddressOf(node)!.Value, NodePaths.Replica);
        var states = await owner.Ask<KeyStates>(new KeyStatesRequest([.. records.Select(r => r.Key)]), settings.Request.Timeout);
        if (OwnerProof.Differing(records, [.. states.States.Select(s => s.Digest)]) is not { } differing) return [.. records.Select(r => r.Key)];
        if (differing.IsEmpty) return [];
        var items = differing.Select(r => new WriteItem(r.Key, r.Record.Versions, null, view.State.ModeOf(r.Key, settings.Bucket), WriteCause.Transfer)).ToArray();
        var outcomes = await LargeSets.WriteAsync(owner, items, settings.Limits.BatchBytes, settings.Request.Timeout);
        return OwnerProof.Missing(differing, [.. outcomes.Select(o => o != WriteOutcome.Refused)]);
    }

    /// <param name="Missing">The keys that each owner lacks; null: an owner did not answer.</param>
    private sealed record Proved(HandOffEffect.Prove Asked, ImmutableArray<StorageKey>[]? Missing, string? Failure);

    private sealed record Dropped(string? Failure);

    private sealed record Step
    {
        public static readonly Step Instance = new();
    }
}
