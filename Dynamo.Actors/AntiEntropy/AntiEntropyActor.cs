using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Dynamo.Actors.Settings;
using Dynamo.Actors.Shared;
using Dynamo.Core.AntiEntropy;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Protocol;

namespace Dynamo.Actors.AntiEntropy;

/// <summary>
/// Replica synchronisation (section 4.7 of the paper): maintains the hash trees of the node's store and continually compares them with those of
/// the other owners, one peer at a time. Only keys that differ are sent, both ways. Dynamo.Core/AntiEntropy decides each step of an exchange.
/// </summary>
public sealed class AntiEntropyActor : UntypedActor, IWithTimers
{
    private const int KeysPerPull = 100;

    // How long commits accumulate. Before handling any other message, the actor applies those that wait.
    private static readonly TimeSpan CommitsGather = TimeSpan.FromMilliseconds(20);
    private readonly DynamoSettings _settings;
    private readonly IActorRef _replica;
    private readonly BackgroundPace _pace;
    private readonly TreeKeeper _trees;
    private readonly PullLimits _limits;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly BackgroundFailures _failures = new(Context.GetLogger());
    private readonly ExchangeTurns _turns = new();
    private readonly Queue<Asker> _askers = [];
    private Ownership _owners;
    private OpenExchange? _open;

    public AntiEntropyActor(DynamoSettings settings, IStorageEngine engine, IActorRef replica, BackgroundPace pace)
    {
        _settings = settings;
        _replica = replica;
        _pace = pace;
        _trees = new TreeKeeper(settings, engine, pace, Self, _log);
        _limits = new PullLimits(KeysPerPull, settings.Limits.BatchBytes, RecordSizes.Of);
        _owners = new Ownership(new ClusterView(settings.Node.Id, ClusterState.Empty, []), settings.Bucket);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private ClusterView View => _owners.View;

    public static Props Props(DynamoSettings settings, IStorageEngine engine, IActorRef replica, BackgroundPace pace) =>
        Akka.Actor.Props.Create(() => new AntiEntropyActor(settings, engine, replica, pace));

    protected override void PreStart()
    {
        _trees.Start();
        Wait();
    }

    // The failure may have left the trees half updated, so they are not saved but rebuilt. Waiting askers get a failure, and ask again.
    protected override void PreRestart(Exception reason, object message)
    {
        IEnumerable<Asker> waiting = _open?.Asker is { } asker ? [asker, .. _askers] : _askers;
        foreach (var (question, by) in message is Reconcile inHand ? waiting.Append(new Asker(inHand, Sender)) : waiting)
            by.Tell(new Reconciled(question, "this node's anti-entropy begins anew"));
    }

    protected override void PostStop() => _trees.Stop();

    protected override void OnReceive(object message)
    {
        if (message is CommitsCame)
        {
            Timers.StartSingleTimer("commits", Due.Commits, CommitsGather);
            return;
        }
        _trees.TakeCommits();
        switch (message)
        {
            case Due.Commits: break;
            case ScanCame came: OnScan(came); break;
            case Due.Scan: _trees.ScanOn(); break;
            case ViewChanged changed: OnView(changed.View); break;
            case Due.Round: OnRound(); break;
            case Reconcile question: OnReconcile(question); break;
            case TreeRoots roots: Sender.Tell(_trees.Compare(roots, _owners)); break;
            case TreeNodes nodes: Sender.Tell(new TreeHashes(TreeAnswers.Hashes(nodes.Partition, nodes.Level, nodes.Indexes, _trees.Forest))); break;
            case LeafKeys leaves: Sender.Tell(_trees.Answer(leaves)); break;
            case Answered answered when answered.Of == _open: OnAnswer(answered); break;
            case Answered: break;
            default: Unhandled(message); break;
        }
    }

    private void OnScan(ScanCame came)
    {
        if (_trees.Scanned(came) is { } pause) Timers.StartSingleTimer("scan", Due.Scan, pause);
    }

    private void OnView(ClusterView view)
    {
        _owners = new Ownership(view, _settings.Bucket);
        if (!_trees.TryReshape(view.Ring)) return;
        Timers.Cancel("scan");
        _trees.ScanOn();
    }

    // ---- opening and closing exchanges

    private void Wait() => Timers.StartSingleTimer("round", Due.Round, _pace.Stretch(_settings.AntiEntropy.Interval));

    private void OnRound()
    {
        if (_open is not null) return;
        if (_turns.Next(_owners, _trees.Forest) is { } turn) Open(turn.Peer, turn.Roots, null);
        else Wait();
    }

    // A transfer is waiting for the result, so its comparison does not queue behind the regular rounds.
    private void OnReconcile(Reconcile question)
    {
        _askers.Enqueue(new Asker(question, Sender));
        if (_open is null) OpenAsked();
    }

    private void OpenAsked()
    {
        while (_open is null && _askers.TryDequeue(out var asker))
        {
            var (peer, partition) = asker.Question;
            if (ExchangeTurns.WhyNot(peer, partition, View, _trees.Forest) is { } why) asker.By.Tell(new Reconciled(asker.Question, why));
            else Open(peer, [_trees.Forest.Root(partition)], asker);
        }
    }

    private void Open(NodeId peer, ImmutableArray<RootHash> roots, Asker? asker)
    {
        var address = View.AddressOf(peer)!.Value;
        var exchange = new Exchange(peer, roots, asker is not null, _trees.Forest, _trees.TryRead, _limits);
        _open = new OpenExchange(
            exchange, NodePaths.Of(Context.System, peer, address, NodePaths.AntiEntropy), NodePaths.Of(Context.System, peer, address, NodePaths.Replica), asker);
        var effects = new List<ExchangeEffect>();
        exchange.Begun(effects);
        CarryOut(_open, effects);
    }

    private void Close(OpenExchange open, string? failure)
    {
        _open = null;
        var peer = open.Exchange.Peer;
        open.Asker?.By.Tell(new Reconciled(open.Asker.Question, failure is null ? null : $"node {peer} {failure}"));
        OpenAsked();
        if (_open is null) Wait();
        var figures = open.Exchange.Figures;
        if (_failures.Note($"anti-entropy with node {peer}", failure is null ? null : $"it {failure}") && figures.KeysDiffering > 0)
            _log.Info(
                "anti-entropy with node {0}: {1} of {2} compared keys differed in {3} partitions; {4} hashes compared, {5} bytes of values moved",
                peer, figures.KeysDiffering, figures.KeysCompared, figures.Partitions, figures.HashesCompared, open.Exchange.BytesMoved);
    }

    // ---- exchange steps

    private void OnAnswer(Answered came)
    {
        var (exchange, effects) = (came.Of.Exchange, new List<ExchangeEffect>());
        switch (came.To, came.Message)
        {
            case (ExchangeEffect.AskRoots, TreeDifferences theirs): exchange.AnsweredRoots(theirs.Partitions, theirs.NotCompared, effects); break;
            case (ExchangeEffect.AskHashes, TreeHashes theirs): exchange.AnsweredHashes(theirs.Hashes, effects); break;
            case (ExchangeEffect.AskKeys asked, KeyDigests theirs):
                var answered = asked.Leaves[..Math.Min(theirs.Leaves, asked.Leaves.Length)];
                exchange.AnsweredKeys(
                    theirs.Keys.Select(k => KeyValuePair.Create(k.Key, k.Digest)), _trees.DigestsOf(asked.Partition, answered).Digests, answered.Length, _owners, effects);
                break;
            case (ExchangeEffect.Pull, ReadAnswers theirs): exchange.AnsweredSets([.. theirs.Answers.Select(a => new PulledSet(a.Set, a.IsFailed))], effects); break;
            case (ExchangeEffect.Move, Moved): exchange.Moved(effects); break;
            default: exchange.Failed(effects); break;
        }
        CarryOut(came.Of, effects);
    }

    private void CarryOut(OpenExchange open, List<ExchangeEffect> effects)
    {
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case ExchangeEffect.AskRoots asks:
                    Ask(open, open.AntiEntropy, effect, new TreeRoots(View.Self, View.Ring.Epoch, [.. asks.Roots.Select(r => new PartitionRoot(r.Partition, r.Hash))]));
                    break;
                case ExchangeEffect.AskHashes asks: Ask(open, open.AntiEntropy, effect, new TreeNodes(asks.Partition, asks.Level, asks.Nodes)); break;
                case ExchangeEffect.AskKeys asks: Ask(open, open.AntiEntropy, effect, new LeafKeys(asks.Partition, asks.Leaves)); break;
                case ExchangeEffect.Pull pull:
                    LargeSets.ReadAsync(open.Replica, pull.Keys, _settings.Request.Timeout)
                        .PipeTo(Self, success: answers => new Answered(open, pull, answers), failure: _ => new Answered(open, pull, null));
                    break;
                case ExchangeEffect.Move move: Move(open, move); break;
                case ExchangeEffect.PassOver passed:
                    _log.Warning("key {0} could not be compared with node {1} or copied; skipped, the exchange continues", passed.Key, open.Exchange.Peer);
                    break;
                case ExchangeEffect.Close close: Close(open, close.Failure); break;
                default: throw new NotSupportedException(effect.ToString());
            }
        }
    }

    private void Ask(OpenExchange open, IActorRef peer, ExchangeEffect to, IWireMessage question) =>
        peer.Ask<object>(question, _settings.Request.Timeout)
            .PipeTo(Self, success: answer => new Answered(open, to, answer), failure: _ => new Answered(open, to, null));

    private void Move(OpenExchange open, ExchangeEffect.Move move)
    {
        Task.WhenAll(WriteAsync(_replica, move.Here), WriteAsync(open.Replica, move.There)).PipeTo(
            Self,
            success: outcomes => new Answered(open, move, outcomes.Any(o => o.Contains(WriteOutcome.Refused)) ? null : Moved.Instance),
            failure: _ => new Answered(open, move, null));
    }

    private Task<WriteOutcome[]> WriteAsync(IActorRef replica, ImmutableArray<HeldSet> sets)
    {
        var items = sets.Select(s => new WriteItem(s.Key, s.Set, null, View.State.ModeOf(s.Key, _settings.Bucket), WriteCause.AntiEntropy)).ToArray();
        return LargeSets.WriteAsync(replica, items, _settings.Limits.BatchBytes, _settings.Request.Timeout);
    }

    /// <summary>A local actor that waits for the outcome of an exchange.</summary>
    private sealed record Asker(Reconcile Question, IActorRef By);

    /// <param name="AntiEntropy">The peer's anti-entropy actor; Replica is the peer's too.</param>
    /// <param name="Asker">Null: the exchange is a regular round.</param>
    private sealed record OpenExchange(Exchange Exchange, IActorRef AntiEntropy, IActorRef Replica, Asker? Asker);

    /// <param name="Message">Null: no answer came, or a write was refused.</param>
    private sealed record Answered(OpenExchange Of, ExchangeEffect To, object? Message);

    private sealed record Moved
    {
        public static readonly Moved Instance = new();
    }

    /// <summary>Timer messages.</summary>
    private enum Due
    {
        Commits,
        Scan,
        Round,
    }
}
