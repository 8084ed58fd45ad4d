using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;
using Dynamo.Protocol;

namespace Dynamo.Actors.Storage;

/// <summary>
/// The node's own copy of its partitions: answers batches of reads at once, and batches of writes when the engine has them as durably as it
/// makes them. Hints that the node keeps for others are read here too; they are written by the hint buffer.
/// </summary>
public sealed class StorageReplica : UntypedActor
{
    private readonly IStorageEngine _engine;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public StorageReplica(IStorageEngine engine) => _engine = engine;

    public static Props Props(IStorageEngine engine) => Akka.Actor.Props.Create(() => new StorageReplica(engine));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ReadBatch reads: Sender.Tell(Answer(reads)); break;
            case WriteBatch writes:
                Write(StoreBatches.Merges(writes), applied => StoreBatches.Outcomes(_engine, applied.Count), _ => StoreBatches.All(writes.Items.Length, WriteOutcome.Refused));
                break;
            case MintBatch mints:
                Write(StoreBatches.Mints(mints), applied => new Minted(applied, _engine.IsSynced), e => new Status.Failure(e));
                break;
            case StoreDone done: done.ReplyTo.Tell(done.Reply); break;
            default: Unhandled(message); break;
        }
    }

    private ReadAnswers Answer(ReadBatch reads)
    {
        var answers = ImmutableArray.CreateBuilder<ReadAnswer>(reads.Items.Length);
        foreach (var item in reads.Items)
        {
            var set = _engine.Read(new RecordKey(item.Key, item.HintFor)).Versions;
            answers.Add(item.DigestOnly ? new ReadAnswer(null, VersionCodec.Digest(item.Key, set)) : new ReadAnswer(set, 0));
        }
        return new ReadAnswers(answers.MoveToImmutable());
    }

    private void Write(IReadOnlyList<Mutation> mutations, Func<IReadOnlyList<Applied>, object> reply, Func<Exception, object> refusal) =>
        StoreBatches.Run(_engine, mutations, reply, refusal, Self, Sender, _log);
}
