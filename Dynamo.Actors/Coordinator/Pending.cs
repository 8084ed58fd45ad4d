using Akka.Actor;
using Dynamo.Actors.Storage;
using Dynamo.Core.Buckets;
using Dynamo.Core.Quorum;
using Dynamo.Core.Requests;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;
using Dynamo.Protocol;

namespace Dynamo.Actors.Coordinator;

/// <summary>A request in flight at this coordinator: its coordination, and the data needed to carry out the effects.</summary>
internal abstract class Pending(IActorRef client, TimeSpan began)
{
    public IActorRef Client { get; } = client;

    /// <summary>On the scheduler's monotonic clock.</summary>
    public TimeSpan Began { get; } = began;

    public abstract ClientRequest Request { get; }

    public abstract Coordination Coordination { get; }
}

/// <param name="request">A get, or a conditional put: what the key holds is read before it.</param>
internal sealed class PendingGet(ClientRequest request, IActorRef client, TimeSpan began, GetCoordination coordination) : Pending(client, began)
{
    public override ClientRequest Request { get; } = request;

    public override GetCoordination Coordination { get; } = coordination;

    public ReadItem ItemFor(int place, bool digestOnly) => new(Request.Key, Coordination.Participants[place].FallbackFor, digestOnly);

    /// <param name="conflicts">The bucket's current conflict mode.</param>
    public WriteItem Repair(ConflictMode conflicts) => new(Request.Key, Coordination.Merged, null, conflicts, WriteCause.ReadRepair);
}

/// <param name="terms">Null: a plain put or delete.</param>
internal sealed class PendingPut(
    PutRequest request, IActorRef client, TimeSpan began, PutCoordination coordination, Write write, ConflictMode conflicts, MintTerms? terms) : Pending(client, began)
{
    /// <summary>How the condition was checked; null: the put has none.</summary>
    public ConditionCheck? Check { get; init; }

    public override PutRequest Request { get; } = request;

    public override PutCoordination Coordination { get; } = coordination;

    /// <param name="recordBytes">Record size limit, for the coordinator's copy of the key or, as a fallback, for the hint.</param>
    public MintItem MintItem(int recordBytes) =>
        new(Request.Key, Coordination.Participants[0].FallbackFor, write, conflicts, recordBytes, Terms: terms);

    /// <summary>The version set that the node's own store made of the write.</summary>
    public WriteItem ItemFor(NodeId? hintFor) => new(Request.Key, Coordination.Stored!, hintFor, conflicts, WriteCause.Put);
}
