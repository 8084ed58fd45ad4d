using System.Collections.Immutable;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;
using Dynamo.Core.Wire;

namespace Dynamo.Core.AntiEntropy;

/// <summary>How much is pulled together.</summary>
/// <param name="Bytes">Of the node's own sets of the keys, after which no more are taken.</param>
/// <param name="SizeOf">Bytes of a set on the wire.</param>
public sealed record PullLimits(int Keys, long Bytes, Func<StorageKey, VersionSet, int> SizeOf);

/// <summary>
/// One exchange with one peer (section 4.7 of the paper): down the trees to the keys that differ, whose sets then go both ways. Each event adds what is to
/// be done next to a list that the caller owns.
/// </summary>
public sealed class Exchange
{
    private const int MaxMovesFailed = 3;
    private readonly ImmutableArray<RootHash> _roots;
    private readonly bool _isForTransfer;
    private readonly Func<StorageKey, VersionSet?> _read;
    private readonly PullLimits _limits;
    private readonly TreeWalk _walk;
    private readonly Queue<StorageKey> _together = [];

    // One key that cannot be moved (too large for a message, say) must not keep those that go with it from moving.
    private readonly Queue<StorageKey> _alone = [];
    private ImmutableArray<StorageKey> _moving = [];
    private int _movesFailed;

    /// <param name="roots">Of the partitions to compare.</param>
    /// <param name="isForTransfer">A transfer asks, to which a partition that was compared in part is not compared: nothing is passed over.</param>
    /// <param name="read">What the node holds of a key now; null: the record cannot be read.</param>
    public Exchange(NodeId peer, ImmutableArray<RootHash> roots, bool isForTransfer, Forest forest, Func<StorageKey, VersionSet?> read, PullLimits limits)
    {
        Peer = peer;
        _roots = roots;
        _isForTransfer = isForTransfer;
        _read = read;
        _limits = limits;
        _walk = new TreeWalk(forest);
    }

    public NodeId Peer { get; }

    public WalkFigures Figures => _walk.Figures;

    /// <summary>Bytes of the values that were moved, in both directions.</summary>
    public long BytesMoved { get; private set; }

    public void Begun(List<ExchangeEffect> effects) => effects.Add(new ExchangeEffect.AskRoots(_roots));

    /// <param name="differing">The partitions whose roots are others at the peer.</param>
    /// <param name="notCompared">Partitions of which the peer cannot say.</param>
    public void AnsweredRoots(ImmutableArray<int> differing, ImmutableArray<int> notCompared, List<ExchangeEffect> effects)
    {
        if (_isForTransfer && notCompared.Length > 0)
        {
            Close("cannot compare the partition yet", effects);
            return;
        }
        var asked = _roots.Select(r => r.Partition).ToHashSet();
        _walk.Begin([.. differing.Where(asked.Contains)]);
        GoOn(effects);
    }

    /// <param name="hashes">Sixteen for each node that was asked for, in order; others are no answer.</param>
    public void AnsweredHashes(ImmutableArray<ulong> hashes, List<ExchangeEffect> effects)
    {
        if (_walk.TryAnswer(hashes)) GoOn(effects);
        else Failed(effects);
    }

    /// <param name="theirs">The peer's keys in the leaves that were asked for, with their digests.</param>
    /// <param name="ours">The node's own.</param>
    public void AnsweredKeys(
        IEnumerable<KeyValuePair<StorageKey, ulong>> theirs, IReadOnlyDictionary<StorageKey, ulong> ours, Ownership owners, List<ExchangeEffect> effects)
    {
        foreach (var key in _walk.Answer(theirs, ours, k => owners.AreBothOwners(Peer, k))) _together.Enqueue(key);
        GoOn(effects);
    }

    /// <param name="sets">One for each key that is pulled, in order; others are no answer.</param>
    public void AnsweredSets(ImmutableArray<PulledSet> sets, List<ExchangeEffect> effects)
    {
        if (sets.Length != _moving.Length)
        {
            Failed(effects);
            return;
        }
        var here = ImmutableArray.CreateBuilder<HeldSet>();
        var there = ImmutableArray.CreateBuilder<HeldSet>();
        for (var i = 0; i < sets.Length; i++)
        {
            var key = _moving[i];
            // A record that cannot be read, here or there, cannot be merged into either.
            if (sets[i].IsFailed || _read(key) is not { } mine) continue;
            if (sets[i].Set is not { } theirs)
            {
                _together.Enqueue(key);
                continue;
            }
            if (!mine.Includes(theirs)) here.Add(new HeldSet(key, theirs));
            if (!theirs.Includes(mine)) there.Add(new HeldSet(key, mine));
        }
        BytesMoved += here.Concat(there).Sum(held => held.Set.ValueBytes);
        effects.Add(new ExchangeEffect.Move(here.ToImmutable(), there.ToImmutable()));
    }

    /// <summary>All that was to be merged in is merged in, here and there.</summary>
    public void Moved(List<ExchangeEffect> effects)
    {
        _moving = [];
        GoOn(effects);
    }

    /// <summary>The question that is open was not answered, or not in a way that answers it; of a move, a part was refused: a copy that was refused is no copy.</summary>
    public void Failed(List<ExchangeEffect> effects)
    {
        if (_moving.IsEmpty)
        {
            Close("did not answer", effects);
            return;
        }
        if (_moving is [var alone])
        {
            _movesFailed++;
            effects.Add(new ExchangeEffect.PassOver(alone));
        }
        else
        {
            foreach (var key in _moving) _alone.Enqueue(key);
        }
        _moving = [];
        GoOn(effects);
    }

    private static void Close(string? failure, List<ExchangeEffect> effects) => effects.Add(new ExchangeEffect.Close(failure));

    private void GoOn(List<ExchangeEffect> effects)
    {
        if (_movesFailed > (_isForTransfer ? 0 : MaxMovesFailed))
        {
            Close("does not take, or give, some keys", effects);
            return;
        }
        _moving = NextToMove();
        if (!_moving.IsEmpty) effects.Add(new ExchangeEffect.Pull(_moving));
        else if (_walk.NextQuestion() is { } question) effects.Add(question);
        else Close(null, effects);
    }

    private ImmutableArray<StorageKey> NextToMove()
    {
        var (keys, room) = (ImmutableArray.CreateBuilder<StorageKey>(), new ByteBudget(_limits.Bytes, _limits.Keys));
        while (!room.IsFull && _together.TryPeek(out var key))
        {
            var mine = _read(key);
            if (mine is not null && !room.TryTake(_limits.SizeOf(key, mine))) break;
            _together.Dequeue();
            if (mine is not null) keys.Add(key);
        }
        if (keys.Count == 0 && _alone.TryDequeue(out var alone)) keys.Add(alone);
        return keys.ToImmutable();
    }
}
