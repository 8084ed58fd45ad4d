using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Dynamo.Actors.Shared;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;
using Dynamo.Core.Wire;
using Dynamo.Protocol;

namespace Dynamo.Actors.Storage;

/// <summary>
/// The node's copy of its partitions. Answers batches of reads at once, and batches of writes when the engine has made them as durable as
/// configured. Also reads the hints that the node keeps for others; the hint buffer writes them.
/// </summary>
internal sealed class StorageReplica : UntypedActor
{
    private const int MaxScanned = 2000;

    // The digest reported for an unreadable record: equal to no other node's.
    private const ulong Unreadable = ulong.MaxValue;

    // In an answer, with its marks.
    private const int DigestBytes = 10;
    private readonly IStorageEngine _engine;
    private readonly NodeId _self;
    private readonly RepairLog _repairs = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly StoreReports _reports = new(Context.Parent);
    private readonly DamagedRecords _damaged;
    private readonly HintsUnderWay _hintsUnderWay;
    private readonly RemovedPeers _removed = new();
    private readonly int _answerBytes;
    private StoreId _store;

    public StorageReplica(NodeId self, IStorageEngine engine, HintsUnderWay hintsUnderWay, int answerBytes)
    {
        _hintsUnderWay = hintsUnderWay;
        _self = self;
        _engine = engine;
        _answerBytes = answerBytes;
        _store = engine.Store;
        _damaged = new DamagedRecords(_log);
    }

    /// <param name="answerBytes">Limit on one answer, in which at least one set is whole if any is asked for; the rest are answered by digest and must be requested again.</param>
    public static Props Props(NodeId self, IStorageEngine engine, HintsUnderWay hintsUnderWay, int answerBytes = 512 << 10) =>
        Akka.Actor.Props.Create(() => new StorageReplica(self, engine, hintsUnderWay, answerBytes));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ReadBatch reads: Sender.Tell(Answer(reads)); break;
            case SliceRequest asked: Sender.Tell(SliceOf(asked)); break;
            case ViewChanged changed: _removed.Use(changed.View.State); break;
            case WriteBatch writes when _removed.Has(Sender): Sender.Tell(StoreBatches.All(writes.Items.Length, WriteOutcome.Refused)); break;
            case WriteBatch writes:
                _repairs.Note(writes, Context.System.Scheduler.MonotonicClock);
                Write(StoreBatches.Merges(writes), applied => StoreBatches.Outcomes(_engine, writes, applied), _ => StoreBatches.All(writes.Items.Length, WriteOutcome.Refused));
                break;
            case MintBatch mints:
                Write(StoreBatches.Mints(mints), applied => new Minted(applied, _engine.IsSynced), e => new Status.Failure(e));
                break;
            case ReapBatch reap:
                Write([.. reap.Items.Select(i => new DropIf(new RecordKey(i.Key), i.Set))], applied => StoreBatches.Outcomes(_engine, applied.Count), _ => StoreBatches.All(reap.Items.Length, WriteOutcome.Refused));
                break;
            case KeyStatesRequest asked: Sender.Tell(StatesOf(asked)); break;
            case ExplainRequest asked: Sender.Tell(Explain(asked.Key)); break;
            case KeysRequest asked:
                Sender.Tell(KeyScan.Answer(
                    asked, (after, max) => _damaged.Scan(_engine, asked.First, asked.Last, after, max), Context.System.Scheduler.Now.ToUnixTimeMilliseconds()));
                break;
            case ScanRequest scan: Sender.Tell(Scan(scan)); break;
            case ReportNextStored: _reports.Ask(); break;
            case StoreDone done:
                _reports.Note(done);
                WarnOfLostTail();
                done.ReplyTo.Tell(done.Reply);
                break;
            default: Unhandled(message); break;
        }
    }

    // The store detects this inside a transaction; the operator must be told.
    private void WarnOfLostTail()
    {
        if (_engine.Store == _store) return;
        _log.Error(
            "others have seen writes of the store {0} that it does not know: it is an old copy, or has lost its tail. It writes as {1} from now on, so nothing is lost; but keys that were deleted since may come back (see 'Backup and restore' in docs/operations.md)",
            _store, _engine.Store);
        _store = _engine.Store;
    }

    private ReadAnswers Answer(ReadBatch reads)
    {
        var answers = ImmutableArray.CreateBuilder<ReadAnswer>(reads.Items.Length);
        var room = new ByteBudget(_answerBytes - ((long)DigestBytes * reads.Items.Length));
        foreach (var item in reads.Items)
        {
            if (TryRead(new RecordKey(item.Key, item.HintFor)) is not { } set)
            {
                answers.Add(ReadAnswer.Failed);
                continue;
            }
            var bytes = item.DigestOnly ? 0 : RecordSizes.Of(item.Key, set);
            var isWhole = !item.DigestOnly && bytes <= RecordSizes.SliceBytes && room.TryTake(bytes);
            answers.Add(isWhole ? new ReadAnswer(set, 0) : new ReadAnswer(null, VersionCodec.Digest(item.Key, set)));
        }
        return new ReadAnswers(answers.MoveToImmutable());
    }

    private SetSlice SliceOf(SliceRequest asked)
    {
        if (TryRead(new RecordKey(asked.Key, asked.HintFor)) is not { } set) return new SetSlice(null, null);
        var (slice, last) = SetSlices.After(set, asked.After, RecordSizes.SliceBytes);
        return new SetSlice(slice, last);
    }

    private VersionSet? TryRead(RecordKey key) => _damaged.TryRead(_engine, key);

    private void Write(IReadOnlyList<Mutation> mutations, Func<IReadOnlyList<Applied>, object> reply, Func<Exception, object> refusal) =>
        StoreBatches.Run(_engine, mutations, reply, refusal, Self, Sender);

    private KeyStates StatesOf(KeyStatesRequest asked)
    {
        var owners = _engine.HintCounts().Select(h => h.Owner).ToArray();
        return new KeyStates([.. asked.Keys.Select(key => TryRead(new RecordKey(key)) is { } set
            ? new KeyState(VersionCodec.Digest(key, set), _hintsUnderWay.Has(key) || owners.Any(owner => TryRead(new RecordKey(key, owner)) is not { IsEmpty: true }))
            : new KeyState(Unreadable, HasHint: true))]);
    }

    private KeyReport Explain(StorageKey key)
    {
        var hints = _engine.HintCounts().Select(h => h.Owner).Where(owner => TryRead(new RecordKey(key, owner)) is not { IsEmpty: true });
        var (ago, cause) = _repairs.LastOf(key, Context.System.Scheduler.MonotonicClock);
        if (TryRead(new RecordKey(key)) is not { } set) return new KeyReport(_self, "cannot be read", Unreadable, [], [.. hints], ago, cause);
        return new KeyReport(
            _self, set.IsEmpty ? "" : ClockOf(set), VersionCodec.Digest(key, set),
            [.. set.Siblings.Take(KeyReport.MaxSiblings).Select(s => new SiblingReport(s.Dot.ToString(), s.IsTombstone, s.Value.Length))], [.. hints], ago, cause);
    }

    private static string ClockOf(VersionSet set) => set.Clock.ToString() is var text && text.Length > KeyReport.MaxClockLength ? text[..KeyReport.MaxClockLength] + "…" : text;

    private ScanPage Scan(ScanRequest asked)
    {
        var max = Math.Clamp(asked.Max, 1, MaxScanned);
        var records = _damaged.Scan(_engine, asked.First, asked.Last, asked.After, max);
        return new ScanPage([.. records.Select(r => new KeyDigest(r.Key, VersionCodec.Digest(r.Key, r.Record.Versions)))], records.Count == 0);
    }
}
