using System.Collections.Immutable;
using Dynamo.Core.AntiEntropy;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;

namespace Dynamo.Core.Transfers;

/// <summary>
/// Ownership handoff: finds records that this node holds but does not own (any more), decides when to ask their owners about them, and which of them may be
/// dropped. Each event appends its effects to a list that the caller owns.
/// </summary>
/// <param name="view">The view until another is known.</param>
/// <param name="bucket">The options of a bucket that has none of its own.</param>
/// <param name="dropDelay">The time for which a partition must have belonged to other nodes.</param>
/// <remarks>All times are from one monotonic clock.</remarks>
public sealed class HandOff(ClusterView view, BucketOptions bucket, TimeSpan dropDelay, IHoldings holdings)
{
    private const int PartitionsPerLook = 16;
    private readonly Dictionary<int, TimeSpan> _strangeSince = [];
    private readonly Dictionary<int, string> _waiting = [];

    // This node's partitions in which a bucket with a smaller N may have left keys; searched once after each change of ring or buckets.
    private readonly HashSet<int> _unswept = [];
    private Ownership _owners = new(view, bucket);
    private Giving? _giving;
    private int _changes;
    private int _next;
    private int _cleanInARow;

    private ClusterView View => _owners.View;

    public void ViewChanged(ClusterView view)
    {
        var isNewRing = !view.State.Ring.Equals(View.State.Ring);
        var isNewToBuckets = isNewRing || !view.State.Buckets.SequenceEqual(View.State.Buckets);
        _owners = new Ownership(view, bucket);
        if (isNewRing) _cleanInARow = 0;
        if (!isNewToBuckets) return;
        _changes++;
        _unswept.UnionWith(Enumerable.Range(0, view.Ring.PartitionCount));
    }

    /// <summary>The pause is over.</summary>
    public void Stepped(TimeSpan now, List<HandOffEffect> effects)
    {
        if (!View.Ring.IsNone) _giving ??= Look(now);
        if (_giving is { } giving)
        {
            Give(giving, effects);
            return;
        }
        if (HasHandedAllOff()) effects.Add(HandOffEffect.TellAllHandedOff.Instance);
        effects.Add(HandOffEffect.Rest.Instance);
    }

    /// <param name="missing">The keys that each owner still does not hold; null: one of them did not answer.</param>
    public void Proved(HandOffEffect.Prove asked, IReadOnlyList<ImmutableArray<StorageKey>>? missing, List<HandOffEffect> effects)
    {
        var giving = asked.Of;
        if (giving != _giving) return;
        // Under another ring the partition may be this node's again, or have other owners.
        if (missing is null || !asked.Parts.Select(p => p.Owner).SequenceEqual(_owners.Owners(giving.Partition)))
        {
            _waiting[giving.Partition] = "an owner did not answer";
            _giving = null;
            effects.Add(HandOffEffect.Rest.Instance);
            return;
        }
        var unproved = missing.SelectMany(m => m).ToHashSet();
        var proved = Strays(giving.Partition, asked.Strays).Where(r => !unproved.Contains(r.Key)).ToImmutableArray();
        if (asked.Strays.Length > 0) giving.Gave(proved.Length, proved.Sum(r => (long)holdings.SizeOf(r)));
        effects.Add(proved.IsEmpty ? HandOffEffect.GoOn.Instance : new HandOffEffect.Drop(proved));
    }

    /// <summary>The store has dropped the records, or could not.</summary>
    public void Dropped(List<HandOffEffect> effects) => effects.Add(HandOffEffect.GoOn.Instance);

    /// <summary>The progress of each partition of other nodes that waits, and of the one being searched.</summary>
    public IEnumerable<PartitionProgress> Progress(TimeSpan now)
    {
        foreach (var (partition, why) in _waiting.Where(w => w.Key != _giving?.Partition).OrderBy(w => w.Key))
            yield return PartitionProgress.Waits(partition, why);
        if (_giving is not null) yield return _giving.Progress(View.Ring, now);
    }

    // ---- finding records that are not this node's

    private Giving? Look(TimeSpan now)
    {
        for (var looked = 0; looked < Math.Min(PartitionsPerLook, View.Ring.PartitionCount); looked++)
        {
            var partition = _next++ % View.Ring.PartitionCount;
            if (!IsStray(partition) && !IsUnswept(partition))
            {
                _strangeSince.Remove(partition);
                _waiting.Remove(partition);
                _cleanInARow++;
                continue;
            }
            _cleanInARow = 0;
            if (WhyNotYet(partition, now) is not { } why) return new Giving(partition, _changes, now);
            if (!_owners.IsMine(partition)) _waiting[partition] = why;
        }
        return null;
    }

    private string? WhyNotYet(int partition, TimeSpan now)
    {
        // Coordinators that have not heard of the change yet may still ask here.
        if (!_strangeSince.TryGetValue(partition, out var since)) _strangeSince[partition] = since = now;
        if (now - since < dropDelay) return "the other nodes are given time to hear of the change";
        return _owners.Silent(partition) is { IsEmpty: false } silent ? $"owners that do not answer: {string.Join(", ", silent)}" : null;
    }

    private bool IsStray(int partition)
    {
        if (_owners.IsMine(partition)) return false;
        var (first, last) = View.Ring.Tokens(partition);
        return holdings.HasAny(first, last);
    }

    private bool IsUnswept(int partition) => _unswept.Contains(partition) && _owners.IsOwnerOfSomeOnly(partition);

    // A partition that is on its way to this node has no strays.
    private IEnumerable<StoredRecord> Strays(int partition, IEnumerable<StoredRecord> records) =>
        _owners.IsIncoming(partition) ? [] : records.Where(r => !_owners.IsOwner(View.Self, partition, r.Key));

    private bool HasHandedAllOff() =>
        View.State.Members.TryGetValue(View.Self, out var self) && self.Status == MemberStatus.Leaving
        && !View.Ring.IsNone && View.State.Ring.IsSettled && View.Ring.PartitionsOwnedBy(View.Self) == 0
        && _cleanInARow >= View.Ring.PartitionCount && !holdings.HasHints;

    // ---- giving them to their owners

    private void Give(Giving giving, List<HandOffEffect> effects)
    {
        var (first, last) = View.Ring.Tokens(giving.Partition);
        var page = holdings.Page(first, last, giving.Cursor);
        if (page.Count == 0 || !_owners.Silent(giving.Partition).IsEmpty)
        {
            End(giving, isLookedThrough: page.Count == 0, effects);
            return;
        }
        var strays = Strays(giving.Partition, page).ToImmutableArray();
        giving.Passed(page[^1].Key);
        effects.Add(new HandOffEffect.Prove(giving, strays, [.. _owners.Owners(giving.Partition).Select(o => PartOf(o, giving.Partition, strays))]));
    }

    private OwnersPart PartOf(NodeId owner, int partition, ImmutableArray<StoredRecord> strays) => new(owner, [.. strays.Where(r => _owners.IsOwner(owner, partition, r.Key))]);

    private void End(Giving giving, bool isLookedThrough, List<HandOffEffect> effects)
    {
        if (giving.Dropped > 0) effects.Add(new HandOffEffect.TellHandedOff(giving.Partition, giving.Dropped));
        if (isLookedThrough && giving.FoundNothing && giving.Change == _changes) _unswept.Remove(giving.Partition);
        _giving = null;
        effects.Add(HandOffEffect.GoOn.Instance);
    }
}
