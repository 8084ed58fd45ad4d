using Dynamo.Core.Ring;

namespace Dynamo.Core.Membership;

/// <summary>What becomes of a node's message.</summary>
public enum NameVerdict
{
    Accept,

    /// <summary>Ignored until it is known whether the name's holder lives.</summary>
    Hold,

    /// <summary>The holder lives.</summary>
    Refuse,
}

/// <summary>A next action of the <see cref="NameGuard"/>.</summary>
public abstract record NameEffect
{
    private NameEffect()
    {
    }

    /// <summary>Ping the holder at its address.</summary>
    public sealed record PingHolder(NodeAddress Holder, long Number) : NameEffect;

    /// <summary>The holder is silent: its name is the newcomer's from now on.</summary>
    public sealed record NameIsFree(Member Holder, NodeAddress Newcomer) : NameEffect;

    /// <summary>Two live nodes have one name. The newcomer is refused.</summary>
    public sealed record NameIsTaken(Member Holder, NodeAddress Newcomer) : NameEffect;
}

/// <summary>
/// Keeps two live nodes from having one name (docs/decisions/0019-who-may-gossip.md). A member at another address than before is either in a new life,
/// and its former one has ended, or a second node with the name. So nothing of it is accepted before the former address was pinged: only a node that does not
/// answer has ended.
/// </summary>
/// <param name="timeoutMs">How long the holder of a name has to answer.</param>
public sealed class NameGuard(long timeoutMs)
{
    // Apart from the numbers of the failure detector's pings.
    private const long FirstNumber = 1L << 40;
    private const int MaxChecks = 1000;

    // A verdict holds this long: a node that still comes with the name is checked again.
    private const long VerdictMs = 10_000;
    private readonly Dictionary<(NodeId Name, NodeAddress Newcomer), Check> _checks = [];
    private long _lastNumber = FirstNumber;

    /// <summary>Judges a message of a member that comes from an address.</summary>
    /// <param name="holder">The member as this node knows it.</param>
    public NameVerdict Judge(Member holder, NodeAddress from, long nowMs, List<NameEffect> effects)
    {
        var place = (holder.Id, from);
        if (holder.Address == from)
        {
            _checks.Remove(place);
            return NameVerdict.Accept;
        }
        if (_checks.TryGetValue(place, out var check) && check.Covers(holder, nowMs)) return check.Verdict;
        if (check is null && _checks.Count >= MaxChecks) return NameVerdict.Hold;
        _checks[place] = new Check(holder, ++_lastNumber, NameVerdict.Hold, nowMs + timeoutMs);
        effects.Add(new NameEffect.PingHolder(holder.Address, _lastNumber));
        return NameVerdict.Hold;
    }

    /// <summary>A node answered a ping.</summary>
    public void Answered(NodeId node, NodeAddress from, long number, long nowMs, List<NameEffect> effects)
    {
        foreach (var (place, check) in _checks)
        {
            if (check.Number != number || check.Verdict != NameVerdict.Hold || place.Name != node || check.Holder.Address != from) continue;
            _checks[place] = check with { Verdict = NameVerdict.Refuse, UntilMs = nowMs + VerdictMs };
            effects.Add(new NameEffect.NameIsTaken(check.Holder, place.Newcomer));
            return;
        }
    }

    /// <summary>Call at least once per timeout.</summary>
    public void Tick(long nowMs, List<NameEffect> effects)
    {
        foreach (var (place, check) in _checks.Where(c => c.Value.UntilMs <= nowMs).ToArray())
        {
            if (check.Verdict != NameVerdict.Hold)
            {
                _checks.Remove(place);
                continue;
            }
            _checks[place] = check with { Verdict = NameVerdict.Accept, UntilMs = nowMs + VerdictMs };
            effects.Add(new NameEffect.NameIsFree(check.Holder, place.Newcomer));
        }
    }

    private sealed record Check(Member Holder, long Number, NameVerdict Verdict, long UntilMs)
    {
        /// <summary>False: the holder is another one than the one that was checked, or the verdict is old.</summary>
        public bool Covers(Member holder, long nowMs) => Verdict switch
        {
            NameVerdict.Hold => true,
            NameVerdict.Refuse => nowMs < UntilMs && holder.Address == Holder.Address,
            _ => nowMs < UntilMs && holder.Address == Holder.Address && holder.Incarnation == Holder.Incarnation,
        };
    }
}
