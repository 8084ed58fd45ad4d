using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Dynamo.Actors.Settings;
using Dynamo.Actors.Shared;
using Dynamo.Actors.Storage;
using Dynamo.Core.AntiEntropy;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;

namespace Dynamo.Actors.AntiEntropy;

/// <summary>
/// Keeps the hash trees of the node's store: they are built by a scan of it, take in what is committed, and are saved at a clean stop. Also reads the store
/// for whoever compares the trees.
/// </summary>
/// <param name="owner">The actor that uses it: it is told of commits and of what the scan meets.</param>
internal sealed class TreeKeeper(DynamoSettings settings, IStorageEngine engine, BackgroundPace pace, IActorRef owner, ILoggingAdapter log)
{
    private const string SavedTrees = "trees";
    private const int KeysPerRead = 1000;
    private const int RoundsToScanAgain = 10;
    private readonly CommitFeed _commits = new(() => owner.Tell(CommitsCame.Instance, ActorRefs.NoSender));
    private readonly DamagedRecords _damaged = new(log);
    private long _lastCommit;

    public Forest Forest { get; private set; } = new(settings.Partitions);

    public void Start()
    {
        // Watched first: what is committed from here on is told, and is in no saved tree.
        engine.Watch(_commits.Add);
        _lastCommit = engine.LastCommit;
        if (ForestCodec.Load(engine.GetMeta(SavedTrees), Forest.PartitionCount, _lastCommit) is { } saved) Forest = saved;
        if (!Forest.IsBuilt) ScanOn();
    }

    // Valid only if no transaction follows; the number of the last one in the trees tells.
    public void Stop()
    {
        engine.Watch(_ => { });
        TakeCommits();
        if (Forest.IsBuilt) engine.SetMetaAsync(SavedTrees, ForestCodec.Save(Forest, Forest.PartitionCount, _lastCommit + 1));
    }

    public void TakeCommits()
    {
        foreach (var committed in _commits.TakeAll())
        {
            if (committed.Number <= _lastCommit) continue;
            _lastCommit = committed.Number;
            foreach (var applied in committed.Applied) Forest.Apply(applied);
        }
    }

    /// <summary>A node that joins has the cluster's number of partitions, whatever its own settings say.</summary>
    /// <returns>The trees are of another number of partitions: they are to be built anew.</returns>
    public bool TryReshape(HashRing ring)
    {
        if (ring.IsNone || ring.PartitionCount == Forest.PartitionCount) return false;
        Forest = new Forest(ring.PartitionCount);
        return true;
    }

    /// <summary>Reads the next records of the scan, which come to the owner as <see cref="ScanCame"/>.</summary>
    public void ScanOn()
    {
        var (forest, to) = (Forest, owner);
        engine.ScanInOrder(new Token(0), new Token(ulong.MaxValue), forest.ScannedTo, settings.AntiEntropy.ScanBatch, records => to.Tell(new ScanCame(forest, records, null), ActorRefs.NoSender))
            .ContinueWith(
                failed => to.Tell(new ScanCame(forest, [], failed.Exception!.GetBaseException()), ActorRefs.NoSender),
                CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <returns>The pause after which the scan is to go on; null: it goes on already, or is over.</returns>
    public TimeSpan? Scanned(ScanCame came)
    {
        if (came.Of != Forest) return null;
        if (came.Failure is not null) return OnFailure(came.Failure);
        Forest.Scanned(came.Records);
        if (!Forest.IsBuilt) return pace.Stretch(settings.AntiEntropy.ScanPause);
        log.Debug("the hash trees are built");
        return null;
    }

    /// <summary>What the store holds of a key; null: the record cannot be read.</summary>
    public VersionSet? TryRead(StorageKey key) => _damaged.TryRead(engine, new RecordKey(key));

    /// <summary>The keys in some leaves of a partition, with their digests.</summary>
    public Dictionary<StorageKey, ulong> DigestsOf(int partition, ImmutableArray<int> leaves)
    {
        var digests = new Dictionary<StorageKey, ulong>();
        foreach (var (first, last) in TreeAnswers.Tokens(partition, leaves, Forest))
        {
            StorageKey? after = null;
            while (_damaged.Scan(engine, first, last, after, KeysPerRead) is { Count: > 0 } page)
            {
                foreach (var (key, record) in page) digests[key] = VersionCodec.Digest(key, record.Versions);
                after = page[^1].Key;
            }
        }
        return digests;
    }

    // Until it succeeds the node takes no part in anti-entropy for what lies beyond.
    private TimeSpan? OnFailure(Exception failure)
    {
        if (failure is StoreException { Damaged: { } key } damage)
        {
            _damaged.Tell(damage);
            Forest.Skip(key);
            ScanOn();
            return null;
        }
        var pause = pace.Stretch(settings.AntiEntropy.Interval * RoundsToScanAgain);
        log.Error(failure, "the hash trees cannot be built: {0}. The store is scanned again in {1} s", failure.Message, pause.TotalSeconds);
        return pause;
    }
}

/// <summary>Something was committed, and waits for the trees.</summary>
internal sealed record CommitsCame
{
    public static readonly CommitsCame Instance = new();
}

/// <param name="Of">The trees that the scan builds.</param>
/// <param name="Failure">Null: the records came; none of them, and the scan is over.</param>
internal sealed record ScanCame(Forest Of, IReadOnlyList<StoredRecord> Records, Exception? Failure);
