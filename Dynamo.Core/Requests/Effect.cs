using Dynamo.Core.Quorum;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;

namespace Dynamo.Core.Requests;

/// <summary>A coordinator's next action for one request. A place is a participant's index in <see cref="Coordination.Participants"/>.</summary>
public abstract record Effect
{
    private static readonly Effect[] Wholes = OfPlaces(place => new AskWhole(place));
    private static readonly Effect[] Digests = OfPlaces(place => new AskDigest(place));
    private static readonly Effect[] Stores = OfPlaces(place => new Store(place));
    private static readonly Effect[] Renewals = OfPlaces(place => new Renew(place));
    private static readonly Effect[] Repairs = OfPlaces(place => new Repair(place));

    private Effect()
    {
    }

    // These effects hold only a place, so all requests share them: a usual request allocates one effect, its reply.

    internal static Effect WholeFrom(int place) => Wholes[place];

    internal static Effect DigestFrom(int place) => Digests[place];

    internal static Effect StoreAt(int place) => Stores[place];

    internal static Effect RenewalOf(int place) => Renewals[place];

    internal static Effect RepairOf(int place) => Repairs[place];

    private static Effect[] OfPlaces(Func<int, Effect> of)
    {
        var effects = new Effect[Tally.MaxParticipants];
        for (var place = 0; place < effects.Length; place++) effects[place] = of(place);
        return effects;
    }

    /// <summary>Ask the participant for its whole set.</summary>
    public sealed record AskWhole(int Place) : Effect;

    /// <summary>Ask the participant for its whole set in slices: the set does not fit one message.</summary>
    public sealed record AskSlices(int Place) : Effect;

    /// <summary>Ask the participant for the digest of its set.</summary>
    public sealed record AskDigest(int Place) : Effect;

    /// <summary>Write to the node's own store (or hint buffer, where it is a fallback), which mints the write's dot.</summary>
    public sealed record Mint : Effect
    {
        internal static readonly Mint Instance = new();
    }

    /// <summary>Send the participant <see cref="PutCoordination.Stored"/>.</summary>
    public sealed record Store(int Place) : Effect;

    /// <summary>Let the node's own store stamp the write again, later than a write that a replica keeps in its place.</summary>
    public sealed record Restamp(StampAgain Again) : Effect;

    /// <summary>Send <see cref="PutCoordination.Stored"/> to a participant that has the write under its former stamp; nobody waits for its answer.</summary>
    public sealed record Renew(int Place) : Effect;

    /// <summary>Send <see cref="PutCoordination.Stored"/> to a node that will own the partition; it counts in no quorum.</summary>
    public sealed record ForwardToIncoming(NodeId Node) : Effect;

    /// <summary>Keep <see cref="PutCoordination.Stored"/> here, as a hint for the node.</summary>
    public sealed record KeepHint(NodeId Node) : Effect;

    /// <summary>Pass the whole request on to a participant, or to the next one if it refuses. Its reply goes back to the client.</summary>
    public sealed record PassOn(NodeId Node) : Effect;

    /// <summary>Warn the operator of a key with many siblings, whose writers do not pass contexts on.</summary>
    public sealed record WarnOfSiblings(int Siblings, int Limit) : Effect;

    /// <summary>Answer the client, once for each request that is not passed on.</summary>
    public sealed record Reply(Outcome Outcome) : Effect;

    /// <summary>Send the participant <see cref="GetCoordination.Merged"/>; nobody waits for its answer (section 5 of the paper).</summary>
    public sealed record Repair(int Place) : Effect;

    /// <summary>The request is over. Always the last effect; later events of the quorum add none.</summary>
    public sealed record Done : Effect
    {
        internal static readonly Done Instance = new();
    }
}
