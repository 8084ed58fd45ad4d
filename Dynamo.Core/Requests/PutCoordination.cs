using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Quorum;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;

namespace Dynamo.Core.Requests;

/// <summary>
/// One put or delete. The coordinator is place 0: its store takes the write first and mints the dot, and the resulting set goes to the others. A
/// participant that fails is replaced by a fallback while there is one, even after the reply: the fallback keeps the write as a hint.
/// </summary>
public sealed class PutCoordination : Coordination
{
    private readonly CausalContext _context;
    private readonly List<Taken> _taken;
    private readonly Restamping _restamping = new();
    private CausalContext _seen = CausalContext.Empty;

    /// <param name="context">The writes that the writer has seen.</param>
    /// <param name="view">The current view; its ring is not empty.</param>
    public PutCoordination(StorageKey key, QuorumRules rules, CausalContext context, TimeSpan deadline, ClusterView view)
        : base(key, rules.N, Needed.ForPut(rules), deadline, view)
    {
        _context = context;
        _taken = new List<Taken>(Participants.Count);
    }

    /// <summary>The coordinator's set after its store took the write; null before that.</summary>
    public VersionSet? Stored { get; private set; }

    // Even after the reply: the hint brings the write to an owner that failed.
    private protected override bool WantsFallback => true;

    /// <param name="isForwarded">Another node passed the write on; it is not passed on a second time.</param>
    /// <param name="isConditional">
    /// The write goes to the first node of the preference list. While all agree on who that is, it alone coordinates the conditional writes of the key, so that
    /// of two with conditions that exclude each other only one is carried out.
    /// </param>
    public void Begun(bool isForwarded, bool isConditional, ClusterView view, List<Effect> effects)
    {
        var first = isConditional && !isForwarded ? First : Participants[0].Node;
        if (first == view.Self)
        {
            effects.Add(Effect.Mint.Instance);
            return;
        }
        // Only a replica's store (or a fallback's) mints a dot, so the write goes to one. Clients know the ring and rarely need this.
        if (isForwarded || view.AddressOf(first) is null) Reply(Outcome.NoReplica.Instance, effects);
        else effects.Add(new Effect.PassOn(first));
        End(effects);
    }

    /// <summary>The own store was not asked, since too many writes wait for it already.</summary>
    public void NoRoomToMint(List<Effect> effects)
    {
        if (_restamping.IsUnderWay)
        {
            NotRestamped(effects);
            return;
        }
        Reply(Outcome.NoRoom.Instance, effects);
        End(effects);
    }

    /// <summary>The own store answered.</summary>
    /// <param name="applied">Without a dot, nothing was stored: the siblings would have been too large together.</param>
    /// <param name="bucket">The current options of the key's bucket.</param>
    public void Minted(Applied applied, bool isSynced, BucketOptions bucket, ClusterView view, List<Effect> effects)
    {
        if (_restamping.IsUnderWay) Restamped(applied, bucket, view, effects);
        if (HasAnswered(0)) return;
        if (applied.Refusal is { } refusal)
        {
            Reply(refusal.IsCondition ? new Outcome.ConditionFailed(refusal.Reason, applied.Before.Versions) : new Outcome.OperationFailed(refusal.Reason), effects);
            End(effects);
            return;
        }
        if (applied.Minted is not { } dot)
        {
            var held = applied.Before.Versions;
            Reply(new Outcome.TooLarge(held.Siblings.Length, held.Bytes), effects);
            End(effects);
            return;
        }
        Store(applied.After.Versions, dot);
        Take(0, isSynced);
        for (var place = 1; place < Participants.Count; place++) effects.Add(Question(place));
        Forward(bucket.Quorum.N, view, effects);
        if (Stored!.Siblings.Length > bucket.WarnSiblings) effects.Add(new Effect.WarnOfSiblings(Stored.Siblings.Length, bucket.WarnSiblings));
        Settle(effects);
    }

    /// <summary>The own store did not take the write. Without a dot there is nothing to send to the others.</summary>
    /// <param name="isLate">The store did not answer in time, and may still take the write.</param>
    public void NotMinted(string reason, bool isLate, List<Effect> effects)
    {
        if (_restamping.IsUnderWay) NotRestamped(effects);
        if (HasAnswered(0)) return;
        Reply(isLate ? OwnStoreLate() : new Outcome.NotStored(reason), effects);
        End(effects);
    }

    /// <summary>A participant merged the write in.</summary>
    /// <param name="keptMs">The stamp of a write that it keeps in this one's place, in a last-write-wins bucket; null: it took this one.</param>
    public void StoredAt(int place, bool isSynced, List<Effect> effects, long? keptMs = null)
    {
        if (HasAnswered(place)) return;
        switch (_restamping.Answered(place, isSynced, keptMs))
        {
            case Restamping.Next.Send: effects.Add(Question(place)); return;
            case Restamping.Next.Wait: return;
            case Restamping.Next.Restamp: effects.Add(new Effect.Restamp(_restamping.Begin())); return;
            case Restamping.Next.TakeAndRenew: effects.Add(Effect.RenewalOf(place)); break;
            default: break;
        }
        Take(place, isSynced);
        Settle(effects);
    }

    /// <summary>A node that will own the partition answered. Its transfer may have passed the key already, so a refused write becomes a hint.</summary>
    public void IncomingAnswered(NodeId node, bool isTaken, List<Effect> effects)
    {
        if (!isTaken) effects.Add(new Effect.KeepHint(node));
    }

    private protected override Effect Question(int place)
    {
        _restamping.Sent(place);
        return Effect.StoreAt(place);
    }

    private protected override Outcome Success() => new Outcome.Stored(_seen, Quorum.Needed.Answers, [.. _taken]);

    private protected override Outcome NotMet(string when) => new Outcome.NotMet(ReasonOf(when), Quorum.Needed.Answers, Quorum.AckCount);

    private Outcome.OwnStoreLate OwnStoreLate() =>
        new(ReasonOf($" in time: not even node {Participants[0].Node}'s own store"), Quorum.Needed.Answers, Quorum.AckCount);

    // The own store was asked first, and may still take the write even if it is late.
    private string ReasonOf(string when) => $"{Quorum.Shortfall()}{when}; the write may still take effect";

    private void Store(VersionSet set, Dot dot)
    {
        Stored = set;
        _seen = set.SeenBy(_context, dot);
        _restamping.Stamped(dot);
    }

    // Those that hold the write under its former stamp get the new one too: a later write would win over the former.
    private void Restamped(Applied applied, BucketOptions bucket, ClusterView view, List<Effect> effects)
    {
        var waiting = _restamping.End();
        if (applied.Minted is not { } dot)
        {
            // A later write has come to the own store meanwhile. It replaced this one everywhere, as any later write does.
            foreach (var (place, isSynced) in waiting) Take(place, isSynced);
            Settle(effects);
            return;
        }
        Store(applied.After.Versions, dot);
        for (var place = 1; place < Participants.Count; place++)
            if (_restamping.HasTaken(place)) effects.Add(Effect.RenewalOf(place));
        foreach (var (place, _) in waiting) effects.Add(Question(place));
        Forward(bucket.Quorum.N, view, effects);
    }

    // A participant that keeps another write has not stored this one.
    private void NotRestamped(List<Effect> effects)
    {
        foreach (var (place, _) in _restamping.End()) Quorum.Fail(place);
        Settle(effects);
    }

    private void Take(int place, bool isSynced)
    {
        _restamping.Took(place);
        Quorum.Ack(place, isSynced);
        _taken.Add(new Taken(Participants[place], isSynced));
    }

    // While a partition moves, its new owners get every write: a write to a key that their transfer has passed would reach them late otherwise.
    private void Forward(int n, ClusterView view, List<Effect> effects)
    {
        foreach (var node in view.State.Ring.Incoming(Partition))
            if (view.State.Ring.To.IsPrimary(node, Partition, n) && !IsPrimaryHere(node)) effects.Add(new Effect.ForwardToIncoming(node));
    }

    private bool IsPrimaryHere(NodeId node)
    {
        for (var place = 0; place < Participants.Count; place++)
            if (Participants[place].Node == node && Participants[place].IsPrimary) return true;
        return false;
    }
}
