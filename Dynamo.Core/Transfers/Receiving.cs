using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Transfers;

/// <summary>
/// Receives the partitions that a plan gives this node, one after the other: decides which is next, from which owner, and when it counts as received. Each
/// event appends its effects to a list that the caller owns. Answers to a reception that is over have no effect.
/// </summary>
/// <param name="view">The view until another is known.</param>
/// <param name="savedCursor">The position of an earlier life of this node, if it was receiving a partition.</param>
/// <remarks>All times are from one monotonic clock.</remarks>
public sealed class Receiving(ClusterView view, Func<TransferCursor?> savedCursor)
{
    // Members that a report of progress names: there is one for each partition.
    private const int MaxNamed = 10;
    private readonly Dictionary<int, string> _waiting = [];
    private ClusterView _view = view;
    private Reception? _current;
    private int _lastTried = -1;

    private RingVersion Ring => _view.State.Ring;

    /// <summary>Takes over a new view; with a new plan, everything starts over.</summary>
    public void ViewChanged(ClusterView view, List<ReceiveEffect> effects)
    {
        var isNewPlan = !view.State.Ring.IsSamePlan(Ring);
        _view = view;
        if (!isNewPlan) return;
        _waiting.Clear();
        _current = null;
        effects.Add(ReceiveEffect.GoOn.Instance);
    }

    /// <summary>The pause is over.</summary>
    public void Stepped(TimeSpan now, List<ReceiveEffect> effects)
    {
        _current ??= Begin(now, effects);
        if (_current is not { } reception) effects.Add(ReceiveEffect.Rest.Instance);
        else if (!reception.IsCopied) AskChunk(reception, effects);
        else if (reception.NextToCompare is { } owner) effects.Add(new ReceiveEffect.Compare(reception, owner));
        else Finish(reception, effects);
    }

    /// <summary>The chunk is stored. Asking for the next one acknowledges it.</summary>
    public void Stored(Reception of, StoredChunk chunk, List<ReceiveEffect> effects)
    {
        if (of != _current) return;
        of.Stored(chunk);
        if (of.Cursor is { } cursor) effects.Add(new ReceiveEffect.SaveCursor(new TransferCursor(Ring.PlanId, of.Partition, cursor)));
        effects.Add(ReceiveEffect.GoOn.Instance);
    }

    /// <summary>No chunk came, or a record of it was not stored.</summary>
    public void NotStored(Reception of, List<ReceiveEffect> effects)
    {
        if (of == _current) GiveUp(of, $"node {of.Source} sent nothing, or it could not be stored here", effects);
    }

    /// <param name="failure">Null: this node holds all that the owner holds of the partition.</param>
    public void Compared(Reception of, string? failure, List<ReceiveEffect> effects)
    {
        if (of != _current) return;
        if (failure is not null)
        {
            GiveUp(of, failure, effects);
            return;
        }
        of.Compared();
        effects.Add(ReceiveEffect.GoOn.Instance);
    }

    /// <summary>The progress of each partition that is still to be received.</summary>
    public IEnumerable<PartitionProgress> Progress(TimeSpan now)
    {
        NodeId[] all = [.. _view.State.UnawareOfChange];
        var unaware = string.Join(", ", all.Take(MaxNamed)) + (all.Length > MaxNamed ? $" and {all.Length - MaxNamed} more" : "");
        return Incoming().Select(p => p == _current?.Partition
            ? _current.Progress(now)
            : PartitionProgress.Waits(p, unaware.Length > 0 ? $"not heard of the plan yet: {unaware}" : _waiting.GetValueOrDefault(p, "its turn")));
    }

    private IEnumerable<int> Incoming()
    {
        var ring = Ring;
        return Enumerable.Range(0, ring.To.PartitionCount).Where(p => ring.Incoming(p).Contains(_view.Self));
    }

    // In turn, so that a partition which has to wait does not hold up the others.
    private Reception? Begin(TimeSpan now, List<ReceiveEffect> effects)
    {
        var incoming = Incoming().ToArray();
        if (incoming.Length == 0 || _view.State.UnawareOfChange.Any()) return null;
        foreach (var partition in incoming.Where(p => p > _lastTried).Concat(incoming.Where(p => p <= _lastTried)))
        {
            _lastTried = partition;
            if (TryBegin(partition, now, effects) is { } reception) return reception;
        }
        return null;
    }

    private Reception? TryBegin(int partition, TimeSpan now, List<ReceiveEffect> effects)
    {
        // An unknown owner counts as silent: the ring may arrive before the members do.
        var owners = Ring.Serving.Owners[partition].Where(o => !_view.State.IsGone(o)).ToArray();
        if (owners.Length == 0)
        {
            effects.Add(new ReceiveEffect.TellLost(Ring.Epoch, Ring.PlanId, partition));
            return null;
        }
        var healthy = owners.Where(_view.IsHealthy).ToArray();
        // An acknowledged write might be on none of a minority of the owners.
        if (healthy.Length == 0 || healthy.Length * 2 < owners.Length)
        {
            _waiting[partition] = $"{healthy.Length} of its {owners.Length} owners answer ({string.Join(", ", owners)})";
            return null;
        }
        _waiting.Remove(partition);
        // The source differs by partition and by node, so that no owner has to send everything.
        var first = (partition + _view.Self.Name.Length) % healthy.Length;
        var saved = savedCursor() is { } cursor && cursor.PlanId == Ring.PlanId && cursor.Partition == partition ? cursor.After : (StorageKey?)null;
        return new Reception(partition, _view.Ring, [.. healthy.Skip(first), .. healthy.Take(first)], saved, now);
    }

    private void AskChunk(Reception reception, List<ReceiveEffect> effects)
    {
        if (_view.AddressOf(reception.Source) is null) GiveUp(reception, $"node {reception.Source} is not known", effects);
        else effects.Add(new ReceiveEffect.AskChunk(reception, reception.Source, reception.Cursor));
    }

    private void Finish(Reception reception, List<ReceiveEffect> effects)
    {
        _current = null;
        effects.Add(new ReceiveEffect.TellReceived(Ring.Epoch, Ring.PlanId, reception.Partition, reception.Keys, reception.Bytes));
        effects.Add(ReceiveEffect.GoOn.Instance);
    }

    private void GiveUp(Reception reception, string why, List<ReceiveEffect> effects)
    {
        _waiting[reception.Partition] = why;
        _current = null;
        effects.Add(ReceiveEffect.Rest.Instance);
    }
}
