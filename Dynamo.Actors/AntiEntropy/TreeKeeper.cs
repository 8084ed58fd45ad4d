using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Dynamo.Actors.Settings;
using Dynamo.Actors.Shared;
using Dynamo.Actors.Storage;
using Dynamo.Core.AntiEntropy;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;
using Dynamo.Core.Wire;
using Dynamo.Protocol;

namespace Dynamo.Actors.AntiEntropy;

/// <summary>
/// Maintains the hash trees of the node's store: builds them by a scan, applies each commit, and saves them at a clean stop. Also reads the store
/// for comparisons.
/// </summary>
/// <param name="owner">The actor that uses the trees; receives <see cref="CommitsCame"/> and <see cref="ScanCame"/>.</param>
internal sealed class TreeKeeper(DynamoSettings settings, IStorageEngine engine, BackgroundPace pace, IActorRef owner, ILoggingAdapter log)
{
    private const string SavedTrees = "trees";
    private const int KeysPerRead = 1000;
    private const int RoundsToScanAgain = 10;
    private readonly CommitFeed _commits = new(() => owner.Tell(CommitsCame.Instance, ActorRefs.NoSender));
    private readonly DamagedRecords _damaged = new(log);
    private long _lastCommit;

    // The cause of the scan's failure that is logged already.
    private string? _told;

    public Forest Forest { get; private set; } = new(settings.Partitions);

    public void Start()
    {
        // Watch first: later commits are reported here, and no saved tree includes them.
        engine.Watch(_commits.Add);
        _lastCommit = engine.LastCommit;
        if (ForestCodec.Load(engine.GetMeta(SavedTrees), Forest.PartitionCount, _lastCommit) is { } saved) Forest = saved;
        if (!Forest.IsBuilt) ScanOn();
    }

    // The saved trees are valid only if no later transaction follows, which the saved commit number shows.
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

    /// <summary>Adopts the cluster's number of partitions: a joining node's own setting may differ.</summary>
    /// <returns>True when the number changed: the trees must be rebuilt.</returns>
    public bool TryReshape(HashRing ring)
    {
        if (ring.IsNone || ring.PartitionCount == Forest.PartitionCount) return false;
        Forest = new Forest(ring.PartitionCount);
        return true;
    }

    /// <summary>Reads the next records of the scan; the owner receives them as <see cref="ScanCame"/>.</summary>
    public void ScanOn()
    {
        var (forest, to) = (Forest, owner);
        engine.ScanInOrder(new Token(0), new Token(ulong.MaxValue), forest.ScannedTo, settings.AntiEntropy.ScanBatch, records => to.Tell(new ScanCame(forest, records, null), ActorRefs.NoSender))
            .ContinueWith(
                failed => to.Tell(new ScanCame(forest, [], failed.Exception!.GetBaseException()), ActorRefs.NoSender),
                CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <returns>The pause before the scan continues; null: it already continues, or is over.</returns>
    public TimeSpan? Scanned(ScanCame came)
    {
        if (came.Of != Forest) return null;
        if (came.Failure is not null) return OnFailure(came.Failure);
        _told = null;
        Forest.Scanned(came.Records);
        if (!Forest.IsBuilt) return pace.Stretch(settings.AntiEntropy.ScanPause);
        log.Debug("the hash trees are built");
        return null;
    }

    /// <summary>The store's version set of a key; null: the record cannot be read.</summary>
    public VersionSet? TryRead(StorageKey key) => _damaged.TryRead(engine, new RecordKey(key));

    /// <summary>The keys in some leaves of a partition, with their digests.</summary>
    /// <param name="maxBytes">Bound of the keys; the first leaf is always read.</param>
    /// <returns>The digests of the first leaves, and how many leaves these are.</returns>
    public (Dictionary<StorageKey, ulong> Digests, int Leaves) DigestsOf(int partition, ImmutableArray<int> leaves, long maxBytes = long.MaxValue)
    {
        var (digests, room, read) = (new Dictionary<StorageKey, ulong>(), new ByteBudget(maxBytes), 0);
        foreach (var (first, last) in TreeAnswers.Tokens(partition, leaves, Forest))
        {
            var leaf = DigestsOf(first, last);
            if (!room.TryTake(leaf.Sum(d => d.Key.Encoded.Length + 16L))) break;
            foreach (var (key, digest) in leaf) digests[key] = digest;
            read++;
        }
        return (digests, read);
    }

    public TreeDifferences Compare(TreeRoots roots, Ownership owners)
    {
        var (differing, notCompared) = TreeAnswers.Compare(roots.Epoch, roots.Roots.Select(r => new RootHash(r.Partition, r.Root)), owners, Forest);
        return new TreeDifferences(differing, notCompared);
    }

    /// <summary>The keys of as many leaves as fit one message.</summary>
    public KeyDigests Answer(LeafKeys asked)
    {
        var (digests, leaves) = DigestsOf(asked.Partition, asked.Leaves, RecordSizes.SliceBytes);
        return new KeyDigests([.. digests.Select(d => new KeyDigest(d.Key, d.Value))], leaves);
    }

    private List<(StorageKey Key, ulong Digest)> DigestsOf(Token first, Token last)
    {
        var digests = new List<(StorageKey, ulong)>();
        StorageKey? after = null;
        while (_damaged.Scan(engine, first, last, after, KeysPerRead) is { Count: > 0 } page)
        {
            foreach (var (key, record) in page) digests.Add((key, VersionCodec.Digest(key, record.Versions)));
            after = page[^1].Key;
        }
        return digests;
    }

    // Until the scan succeeds, the node takes no part in anti-entropy for keys beyond this point.
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
        if (_told != failure.Message)
            log.Error(failure, "the hash trees cannot be built: {0}. The scan is tried again every {1} s", failure.Message, pause.TotalSeconds);
        _told = failure.Message;
        return pause;
    }
}

/// <summary>Commits wait to be applied to the trees.</summary>
internal sealed record CommitsCame
{
    public static readonly CommitsCame Instance = new();
}

/// <param name="Of">The trees that the scan builds.</param>
/// <param name="Failure">Null: the read succeeded; with no records, the scan is over.</param>
internal sealed record ScanCame(Forest Of, IReadOnlyList<StoredRecord> Records, Exception? Failure);
