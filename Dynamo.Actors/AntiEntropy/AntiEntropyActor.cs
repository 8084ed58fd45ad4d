using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Dynamo.Actors.Settings;
using Dynamo.Actors.Shared;
using Dynamo.Actors.Storage;
using Dynamo.Core.AntiEntropy;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;
using Dynamo.Protocol;

namespace Dynamo.Actors.AntiEntropy;

/// <summary>
/// Replica synchronisation (section 4.7 of the paper): keeps the hash trees of the node's store, and for ever compares them with each other
/// owner's, one peer after the other. Only keys that differ travel, both ways.
/// </summary>
public sealed class AntiEntropyActor : UntypedActor, IWithTimers
{
    private const string SavedTrees = "trees";
    private const int KeysPerMove = 100;
    private const int KeysPerRead = 1000;
    private const int RoundsToScanAgain = 10;
    private const int MostMovesFailed = 3;

    // How long commits gather. Whatever else the actor does, it takes them in first.
    private static readonly TimeSpan CommitsGather = TimeSpan.FromMilliseconds(20);
    private readonly DynamoSettings _settings;
    private readonly IStorageEngine _engine;
    private readonly IActorRef _replica;
    private readonly BackgroundPace _pace;
    private readonly CommitFeed _commits;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private int _partitions;
    private Forest _forest;
    private ClusterView _view;
    private Exchange? _exchange;
    private readonly Queue<(Reconcile Question, IActorRef AskedBy)> _asked = [];
    private Queue<StorageKey> _toMove = [];

    // One key that cannot be moved (too large for a message, say) must not keep those that go with it from moving.
    private readonly Queue<StorageKey> _toMoveAlone = [];
    private readonly DamagedRecords _damaged = new(Context.GetLogger());
    private long _lastCommit;
    private int _nextPeer;

    public AntiEntropyActor(DynamoSettings settings, IStorageEngine engine, IActorRef replica, BackgroundPace pace)
    {
        _settings = settings;
        _engine = engine;
        _replica = replica;
        _pace = pace;
        var self = Self;
        _commits = new CommitFeed(() => self.Tell(CommitsCame.Instance, ActorRefs.NoSender));
        _partitions = settings.Partitions;
        _forest = new Forest(_partitions);
        _view = new ClusterView(settings.Node.Id, ClusterState.Empty, []);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(DynamoSettings settings, IStorageEngine engine, IActorRef replica, BackgroundPace pace) =>
        Akka.Actor.Props.Create(() => new AntiEntropyActor(settings, engine, replica, pace));

    protected override void PreStart()
    {
        // Watched first: what is committed from here on is told, and is in no saved tree.
        _engine.Watch(_commits.Add);
        _lastCommit = _engine.LastCommit;
        if (ForestCodec.Load(_engine.GetMeta(SavedTrees), _partitions, _lastCommit) is { } saved) _forest = saved;
        if (!_forest.IsBuilt) ScanOn();
        Wait();
    }

    // What failed may have left the trees half changed: they are not saved, and so built anew. Who waits for a comparison asks again.
    protected override void PreRestart(Exception reason, object message)
    {
        if (_exchange?.Asked is { } asked) Fail(asked.Question, asked.By);
        foreach (var (question, by) in _asked) Fail(question, by);
        if (message is Reconcile inHand) Fail(inHand, Sender);

        static void Fail(Reconcile question, IActorRef by) => by.Tell(new Reconciled(question, "this node's anti-entropy begins anew"));
    }

    // Valid only if no transaction follows; the number of the last one in the trees tells.
    protected override void PostStop()
    {
        _engine.Watch(_ => { });
        TakeCommits();
        if (_forest.IsBuilt) _engine.SetMetaAsync(SavedTrees, ForestCodec.Save(_forest, _partitions, _lastCommit + 1));
    }

    protected override void OnReceive(object message)
    {
        if (message is CommitsCame)
        {
            Timers.StartSingleTimer("commits", CommitsGathered.Instance, CommitsGather);
            return;
        }
        TakeCommits();
        switch (message)
        {
            case CommitsGathered: break;
            case ScanChunk chunk when chunk.Of == _forest: OnScanned(chunk); break;
            case ScanChunk: break;
            case ScanFailed failed when failed.Of == _forest: OnScanFailed(failed.Failure); break;
            case ScanFailed: break;
            case ScanOnward: ScanOn(); break;
            case ViewChanged changed: OnView(changed.View); break;
            case Round: OnRound(); break;
            case Reconcile question: OnReconcile(question); break;
            case TreeRoots roots: Sender.Tell(Compare(roots)); break;
            case TreeNodes nodes: Sender.Tell(Hashes(nodes)); break;
            case LeafKeys leaves: Sender.Tell(new KeyDigests([.. DigestsOf(leaves).Select(d => new KeyDigest(d.Key, d.Value))])); break;
            case Answered answered when answered.Exchange == _exchange: OnAnswer(_exchange!, answered.Message); break;
            case Answered: break;
            default: Unhandled(message); break;
        }
    }

    // ---- the trees

    private void TakeCommits()
    {
        foreach (var committed in _commits.TakeAll())
        {
            if (committed.Number <= _lastCommit) continue;
            _lastCommit = committed.Number;
            foreach (var applied in committed.Applied) _forest.Apply(applied);
        }
    }

    // A node that joins has the cluster's number of partitions, whatever its own settings say.
    private void OnView(ClusterView view)
    {
        _view = view;
        if (view.Ring.IsNone || view.Ring.PartitionCount == _partitions) return;
        _partitions = view.Ring.PartitionCount;
        _forest = new Forest(_partitions);
        Timers.Cancel("scan");
        ScanOn();
    }

    private void ScanOn()
    {
        var (self, forest) = (Self, _forest);
        _engine.ScanInOrder(new Token(0), new Token(ulong.MaxValue), _forest.ScannedTo, _settings.AntiEntropy.ScanBatch, records => self.Tell(new ScanChunk(forest, records), ActorRefs.NoSender))
            .ContinueWith(
                failed => self.Tell(new ScanFailed(forest, failed.Exception!.GetBaseException()), ActorRefs.NoSender),
                CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    // Until it succeeds the node takes no part in anti-entropy for what lies beyond.
    private void OnScanFailed(Exception failure)
    {
        if (failure is StoreException { Damaged: { } key } damage)
        {
            _damaged.Tell(damage);
            _forest.Skip(key);
            ScanOn();
            return;
        }
        var pause = _pace.Stretch(_settings.AntiEntropy.Interval * RoundsToScanAgain);
        _log.Error(failure, "the hash trees cannot be built: {0}. The store is scanned again in {1} s", failure.Message, pause.TotalSeconds);
        Timers.StartSingleTimer("scan", ScanOnward.Instance, pause);
    }

    private void OnScanned(ScanChunk chunk)
    {
        _forest.Scanned(chunk.Records);
        if (_forest.IsBuilt) _log.Debug("the hash trees are built");
        else Timers.StartSingleTimer("scan", ScanOnward.Instance, _pace.Stretch(_settings.AntiEntropy.ScanPause));
    }

    // ---- answering a peer

    private TreeDifferences Compare(TreeRoots roots)
    {
        // By another ring the peer may own other partitions; the next round will find us agreed.
        var isSameRing = roots.Epoch == _view.Ring.Epoch;
        var compared = roots.Roots.ToLookup(r => isSameRing && r.Partition < _view.Ring.PartitionCount && IsAnyOwner(r.Partition) && _forest.IsPartitionBuilt(r.Partition));
        return new TreeDifferences(
            [.. compared[true].Where(r => _forest.RootOf(r.Partition) != r.Root).Select(r => r.Partition)], [.. compared[false].Select(r => r.Partition)]);
    }

    private TreeHashes Hashes(TreeNodes nodes)
    {
        // Trees that were lost since the exchange began have nothing to say.
        var isValid = nodes.Partition < _partitions && _forest.IsPartitionBuilt(nodes.Partition) && nodes.Indexes.Length <= Exchange.NodesPerQuestion && nodes.Level < _forest.Depth && nodes.Indexes.All(i => i < 1 << (4 * nodes.Level));
        return new TreeHashes(isValid ? [.. nodes.Indexes.SelectMany(i => _forest.Children(nodes.Partition, nodes.Level, i))] : []);
    }

    private Dictionary<StorageKey, ulong> DigestsOf(LeafKeys leaves)
    {
        var digests = new Dictionary<StorageKey, ulong>();
        if (leaves.Partition >= _partitions || leaves.Leaves.Length > Exchange.LeavesPerQuestion) return digests;
        foreach (var leaf in leaves.Leaves.Where(l => l < 1 << (4 * _forest.Depth)))
        {
            var (first, last) = _forest.Tokens(leaves.Partition, leaf);
            StorageKey? after = null;
            while (_damaged.Scan(_engine, first, last, after, KeysPerRead) is { Count: > 0 } page)
            {
                foreach (var (key, record) in page) digests[key] = VersionCodec.Digest(key, record.Versions);
                after = page[^1].Key;
            }
        }
        return digests;
    }

    // ---- asking a peer

    private void Wait() => Timers.StartSingleTimer("round", Round.Instance, _pace.Stretch(_settings.AntiEntropy.Interval));

    private void OnRound()
    {
        if (_exchange is not null) return;
        if (!_view.Ring.IsNone)
        {
            var peers = _view.Ring.Nodes.Where(n => n != _view.Self && _view.IsHealthy(n)).Order().ToArray();
            for (var tries = 0; tries < peers.Length && _exchange is null; tries++) Open(peers[_nextPeer++ % peers.Length]);
        }
        if (_exchange is null) Wait();
    }

    // A transfer wants to know now: it does not wait for its turn among the rounds.
    private void OnReconcile(Reconcile question)
    {
        _asked.Enqueue((question, Sender));
        if (_exchange is null) OpenAsked();
    }

    private void OpenAsked()
    {
        while (_exchange is null && _asked.TryDequeue(out var next))
        {
            var (question, askedBy) = next;
            if (!_forest.IsPartitionBuilt(question.Partition)) askedBy.Tell(new Reconciled(question, "this node's hash trees are being built"));
            else Open(question.Peer, [new PartitionRoot(question.Partition, _forest.RootOf(question.Partition))], (question, askedBy));
        }
    }

    private void Open(NodeId peer)
    {
        var shared = ImmutableArray.CreateBuilder<PartitionRoot>();
        for (var p = 0; p < _view.Ring.PartitionCount; p++)
            if (IsOwner(_view.Self, p) && IsOwner(peer, p) && _forest.IsPartitionBuilt(p)) shared.Add(new PartitionRoot(p, _forest.RootOf(p)));
        if (shared.Count > 0) Open(peer, shared.ToImmutable(), null);
    }

    private void Open(NodeId peer, ImmutableArray<PartitionRoot> roots, (Reconcile Question, IActorRef By)? asked)
    {
        if (_view.AddressOf(peer) is not { } address)
        {
            asked?.By.Tell(new Reconciled(asked.Value.Question, $"node {peer} is not known"));
            return;
        }
        var actors = new NodeAddressed(
            NodePaths.Of(Context.System, peer, address, NodePaths.AntiEntropy), NodePaths.Of(Context.System, peer, address, NodePaths.Replica));
        _exchange = new Exchange(peer, actors, _forest, asked);
        Ask(_exchange, actors.AntiEntropy, new TreeRoots(_view.Self, _view.Ring.Epoch, roots));
    }

    // Buckets may have more replicas than the default; their keys lie in the same partitions.
    private bool IsOwner(NodeId node, int partition) => _view.Ring.IsPrimary(node, partition, _view.State.MostReplicas(_settings.Bucket));

    // The ring's lists are as long as the largest N was when they were planned: a transfer compares with all of them.
    private bool IsAnyOwner(int partition) => IsOwner(_view.Self, partition) || _view.Ring.Owners[partition].Contains(_view.Self);

    private bool AreBothOwners(NodeId peer, StorageKey key)
    {
        var (partition, n) = (_view.Ring.PartitionOf(key.Token), _view.State.ReplicasOf(key, _settings.Bucket));
        return _view.Ring.IsPrimary(peer, partition, n) && (_view.Ring.IsPrimary(_view.Self, partition, n) || _view.State.Ring.Incoming(partition).Contains(_view.Self));
    }

    private void OnAnswer(Exchange exchange, object? answer)
    {
        switch (answer)
        {
            case TreeDifferences { NotCompared.Length: > 0 } when exchange.Asked is not null:
                Close(exchange, "cannot compare the partition yet");
                return;
            case TreeDifferences differences: exchange.Differ(differences.Partitions); break;
            case TreeHashes hashes when exchange.TryAnswer(hashes): break;
            case KeyDigests theirs when exchange.NextQuestion() is LeafKeys asked:
                _toMove = new Queue<StorageKey>(exchange.Answer(theirs, DigestsOf(asked), key => AreBothOwners(exchange.Peer, key)));
                break;
            case Pulled pulled: OnPulled(exchange, pulled); return;
            case Moved: break;
            case NotMoved { Keys: [var alone] }:
                exchange.MovesFailed++;
                _log.Warning("key {0} could not be compared with node {1} or copied; the others go on", alone, exchange.Peer);
                break;
            case NotMoved together:
                foreach (var key in together.Keys) _toMoveAlone.Enqueue(key);
                break;
            default:
                Close(exchange, "did not answer");
                return;
        }
        GoOn(exchange);
    }

    private void GoOn(Exchange exchange)
    {
        if (exchange.MovesFailed > MostMovesFailed || (exchange.MovesFailed > 0 && exchange.Asked is not null)) Close(exchange, "does not take, or give, some keys");
        else if (_toMove.Count > 0 || _toMoveAlone.Count > 0) Pull(exchange);
        else if (exchange.NextQuestion() is { } question) Ask(exchange, exchange.Actors.AntiEntropy, question);
        else Close(exchange, null);
    }

    // The peer's sets come here and are merged; then what this node has of those keys goes there. Both then hold the join.
    private void Pull(Exchange exchange)
    {
        var (keys, bytes) = (new List<StorageKey>(), 0L);
        while (keys.Count < KeysPerMove && bytes < _settings.Limits.BatchBytes && _toMove.TryDequeue(out var key))
        {
            if (_damaged.TryRead(_engine, new RecordKey(key)) is not { } mine) continue;
            keys.Add(key);
            bytes += RecordSizes.Of(key, mine);
        }
        if (keys.Count == 0 && _toMoveAlone.TryDequeue(out var alone)) keys.Add(alone);
        if (keys.Count == 0)
        {
            GoOn(exchange);
            return;
        }
        exchange.Actors.Replica
            .Ask<ReadAnswers>(new ReadBatch([.. keys.Select(k => new ReadItem(k, null, false))]), _settings.Request.Timeout)
            .PipeTo(Self, success: answers => new Answered(exchange, answers.Answers.Length == keys.Count ? new Pulled(keys, answers) : new NotMoved(keys)), failure: _ => new Answered(exchange, new NotMoved(keys)));
    }

    private void OnPulled(Exchange exchange, Pulled pulled)
    {
        var theirs = ImmutableArray.CreateBuilder<WriteItem>();
        var ours = ImmutableArray.CreateBuilder<WriteItem>();
        for (var i = 0; i < pulled.Keys.Count; i++)
        {
            var key = pulled.Keys[i];
            // What cannot be read here or there can neither be merged into.
            if (pulled.Answers.Answers[i].IsFailed || _damaged.TryRead(_engine, new RecordKey(key)) is not { } mine) continue;
            if (pulled.Answers.Answers[i].Set is null)
            {
                // More than fits one message: the rest comes with the next.
                _toMove.Enqueue(key);
                continue;
            }
            var other = pulled.Answers.Answers[i].Set!;
            if (!mine.Includes(other)) theirs.Add(new WriteItem(key, other, null, ModeOf(key), WriteCause.AntiEntropy));
            if (!other.Includes(mine)) ours.Add(new WriteItem(key, mine, null, ModeOf(key), WriteCause.AntiEntropy));
        }
        exchange.Moved(theirs.Concat(ours).Sum(w => w.Set.Siblings.Sum(s => (long)s.Value.Length)));
        Task<WriteAnswers>[] writes =
        [
            .. theirs.Count > 0 ? [_replica.Ask<WriteAnswers>(new WriteBatch(theirs.ToImmutable()), _settings.Request.Timeout)] : Array.Empty<Task<WriteAnswers>>(),
            .. ours.Count > 0 ? [exchange.Actors.Replica.Ask<WriteAnswers>(new WriteBatch(ours.ToImmutable()), _settings.Request.Timeout)] : Array.Empty<Task<WriteAnswers>>(),
        ];
        // A copy that was refused is no copy.
        Task.WhenAll(writes).PipeTo(
            Self,
            success: answers => new Answered(exchange, answers.Any(a => a.Outcomes.Contains(WriteOutcome.Refused)) ? new NotMoved(pulled.Keys) : Moved.Instance),
            failure: _ => new Answered(exchange, new NotMoved(pulled.Keys)));
    }

    private void Ask(Exchange exchange, IActorRef peer, IWireMessage question) =>
        peer.Ask<object>(question, _settings.Request.Timeout)
            .PipeTo(Self, success: answer => new Answered(exchange, answer), failure: _ => new Answered(exchange, null));

    private void Close(Exchange exchange, string? why)
    {
        _exchange = null;
        _toMove.Clear();
        _toMoveAlone.Clear();
        exchange.Asked?.By.Tell(new Reconciled(exchange.Asked.Value.Question, why is null ? null : $"node {exchange.Peer} {why}"));
        OpenAsked();
        if (_exchange is null) Wait();
        var figures = exchange.Figures;
        if (why is not null) _log.Debug("the exchange with node {0} ended: it {1}", exchange.Peer, why);
        else if (figures.KeysDiffering > 0)
            _log.Info(
                "anti-entropy with node {0}: {1} keys differed of {2} compared in {3} partitions, {4} hashes, {5} bytes of values moved",
                exchange.Peer, figures.KeysDiffering, figures.KeysCompared, figures.Partitions, figures.HashesCompared, figures.BytesMoved);
    }

    private ConflictMode ModeOf(StorageKey key) => _view.State.ModeOf(key, _settings.Bucket);

    private sealed record ScanChunk(Forest Of, IReadOnlyList<StoredRecord> Records);

    private sealed record ScanFailed(Forest Of, Exception Failure);

    private sealed record Answered(Exchange Exchange, object? Message);

    private sealed record Pulled(List<StorageKey> Keys, ReadAnswers Answers);

    private sealed record NotMoved(List<StorageKey> Keys);

    private sealed record Moved
    {
        public static readonly Moved Instance = new();
    }

    private sealed record CommitsCame
    {
        public static readonly CommitsCame Instance = new();
    }

    private sealed record CommitsGathered
    {
        public static readonly CommitsGathered Instance = new();
    }

    private sealed record Round
    {
        public static readonly Round Instance = new();
    }

    private sealed record ScanOnward
    {
        public static readonly ScanOnward Instance = new();
    }
}
