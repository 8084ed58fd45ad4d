using System.Collections.Immutable;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;
using Dynamo.Core.Wire;

namespace Dynamo.Core.AntiEntropy;

/// <summary>The limits of one pull.</summary>
/// <param name="Bytes">Bytes of the node's own sets; a pull that reaches them takes no more keys.</param>
/// <param name="SizeOf">Gives the bytes of a set on the wire.</param>
public sealed record PullLimits(int Keys, long Bytes, Func<StorageKey, VersionSet, int> SizeOf);

/// <summary>
/// One exchange with one peer (section 4.7 of the paper): walks down the hash trees to the keys that differ, then copies their sets both ways. Each event
/// appends its effects to a list that the caller owns.
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

    // Keys to retry one by one: a key that cannot be moved (the peer refuses it, say) must not block those pulled with it.
    private readonly Queue<StorageKey> _alone = [];
    private ImmutableArray<StorageKey> _moving = [];
    private int _movesFailed;

    /// <param name="roots">Roots of the partitions to compare.</param>
    /// <param name="isForTransfer">The exchange serves a transfer, which needs every key compared: it fails where another exchange passes over keys.</param>
    /// <param name="read">Reads the node's current set of a key; null: the record cannot be read.</param>
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

    /// <summary>Bytes of the values moved, in both directions.</summary>
    public long BytesMoved { get; private set; }

    public void Begun(List<ExchangeEffect> effects) => effects.Add(new ExchangeEffect.AskRoots(_roots));

    /// <param name="differing">Partitions whose roots differ at the peer.</param>
    /// <param name="notCompared">Partitions that the peer cannot compare now.</param>
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

    /// <param name="hashes">Sixteen for each tree node asked for, in order; any other number counts as a failure.</param>
    public void AnsweredHashes(ImmutableArray<ulong> hashes, List<ExchangeEffect> effects)
    {
        if (_walk.TryAnswer(hashes)) GoOn(effects);
        else Failed(effects);
    }

    /// <param name="theirs">The peer's keys in the first leaves asked for, with their digests.</param>
    /// <param name="ours">This node's keys in the same leaves.</param>
    /// <param name="leaves">The number of these leaves: as many as fit the peer's message.</param>
    public void AnsweredKeys(
        IEnumerable<KeyValuePair<StorageKey, ulong>> theirs, IReadOnlyDictionary<StorageKey, ulong> ours, int leaves, Ownership owners, List<ExchangeEffect> effects)
    {
        if (leaves == 0)
        {
            Failed(effects);
            return;
        }
        foreach (var key in _walk.Answer(theirs, ours, leaves, k => owners.AreBothOwners(Peer, k))) _together.Enqueue(key);
        GoOn(effects);
    }

    /// <param name="sets">One for each key of the pull, in order; any other number counts as a failure.</param>
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
            // An unreadable record, here or there, cannot be merged into either.
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

    /// <summary>Both nodes have merged the sets of the last move.</summary>
    public void Moved(List<ExchangeEffect> effects)
    {
        _moving = [];
        GoOn(effects);
    }

    /// <summary>The open question got no answer or an invalid one, or part of a move was refused: a refused copy does not count.</summary>
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
            Close("refuses some keys, or cannot send them", effects);
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
