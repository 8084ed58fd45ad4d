using System.Text;
using Dynamo.Core.Requests;
using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;

namespace Dynamo.Core.Tests.Requests;

/// <summary>
/// The notation of version sets and effects in the cases. A set: <c>none</c>; <c>apple</c>; <c>apple+pear</c>, siblings; <c>apple>pear</c>, a pear that has
/// replaced the apple; <c>pear@2</c>, written at 2 ms. Each name stands for one write in every set.
/// </summary>
internal static class Notation
{
    public static VersionSet Set(string text)
    {
        var set = VersionSet.Empty;
        if (text == "none") return set;
        foreach (var sibling in text.Split('+')) set = set.Merge(History(sibling.Split('>')));
        return set;
    }

    public static string Of(VersionSet set) =>
        set.Siblings.IsEmpty ? "none" : string.Join('+', set.Siblings.Select(s => Encoding.UTF8.GetString(s.Value.Span)).Order(StringComparer.Ordinal));

    /// <summary>The effects of one event, in order; places are shown as nodes, fallbacks with their primary.</summary>
    public static string Of(IEnumerable<Effect> effects, IReadOnlyList<Participant> participants) =>
        string.Join("; ", effects.Select(e => Of(e, place => Of(participants[place]))));

    private static string Of(Participant participant) => participant.FallbackFor is { } primary ? $"{participant.Node} for {primary}" : participant.Node.Name;

    private static string Of(Effect effect, Func<int, string> at) => effect switch
    {
        Effect.AskWhole(var place) => $"whole {at(place)}",
        Effect.AskDigest(var place) => $"digest {at(place)}",
        Effect.AskSlices(var place) => $"slices {at(place)}",
        Effect.Mint => "mint",
        Effect.Restamp(var again) => $"restamp above {again.AboveMs}",
        Effect.Renew(var place) => $"renew {at(place)}",
        Effect.Store(var place) => $"store {at(place)}",
        Effect.ForwardToIncoming(var node) => $"forward {node}",
        Effect.KeepHint(var node) => $"keep hint for {node}",
        Effect.PassOn(var node) => $"pass on to {node}",
        Effect.WarnOfSiblings(var siblings, var limit) => $"warn of {siblings} siblings over {limit}",
        Effect.Reply(var outcome) => $"reply {Of(outcome)}",
        Effect.Repair(var place) => $"repair {at(place)}",
        Effect.Done => "done",
        _ => throw new NotSupportedException(effect.ToString()),
    };

    private static string Of(Outcome outcome) => outcome switch
    {
        Outcome.Found(var merged, var answered) => $"found {Of(merged)}, {answered} answered",
        Outcome.Stored stored => $"stored, {stored.Needed} needed, by {string.Join(", ", stored.By.Select(t => Of(t.By) + (t.Synced ? " synced" : "")))}",
        Outcome.NotMet(var reason, var needed, var answered) => $"not met: \"{reason}\", needed {needed}, answered {answered}",
        Outcome.OwnStoreLate(var reason, var needed, var answered) => $"own store late: \"{reason}\", needed {needed}, answered {answered}",
        Outcome.NotStored(var reason) => $"not stored: \"{reason}\"",
        Outcome.TooLarge(var siblings, var bytes) => $"too large: {siblings} siblings of {bytes} bytes",
        Outcome.NoRoom => "no room",
        Outcome.NoReplica => "no replica",
        _ => throw new NotSupportedException(outcome.ToString()),
    };

    private static VersionSet History(string[] names)
    {
        var set = VersionSet.Empty;
        foreach (var name in names)
        {
            var atMs = name.Split('@') is [_, var ms] ? long.Parse(ms) : 0;
            set = set.Put(new Write(set.Clock, Encoding.UTF8.GetBytes(name), IsTombstone: false, WriteId: 0, atMs), DotOf(name));
        }
        return set;
    }

    // Each name has a store of its own, with this one write.
    private static Dot DotOf(string name)
    {
        var store = name.Aggregate(7UL, (hash, c) => (hash * 31) + c);
        return new Dot(new Tenure(new StoreId(store), 1), 1);
    }
}
