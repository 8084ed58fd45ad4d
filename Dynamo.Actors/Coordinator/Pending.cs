using Akka.Actor;
using Dynamo.Core.Buckets;
using Dynamo.Core.Quorum;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;
using Dynamo.Protocol;

namespace Dynamo.Actors.Coordinator;

/// <summary>A request under way at this coordinator.</summary>
internal abstract class Pending(ClientRequest request, IActorRef client, int partition, QuorumRules rules, TimeSpan began, TimeSpan deadline)
{
    public ClientRequest Request { get; } = request;

    public IActorRef Client { get; } = client;

    public int Partition { get; } = partition;

    public QuorumRules Rules { get; } = rules;

    /// <summary>On the scheduler's monotonic clock, as <see cref="Deadline"/> is.</summary>
    public TimeSpan Began { get; } = began;

    public TimeSpan Deadline { get; } = deadline;

    public abstract RequestQuorum Quorum { get; }

    public bool IsReplied { get; set; }
}

internal sealed class PendingGet(GetRequest request, IActorRef client, int partition, QuorumRules rules, TimeSpan began, TimeSpan deadline, ReadOperation operation)
    : Pending(request, client, partition, rules, began, deadline)
{
    public ReadOperation Operation { get; } = operation;

    public override RequestQuorum Quorum => Operation.Quorum;
}

internal sealed class PendingPut(
    PutRequest request, IActorRef client, int partition, QuorumRules rules, TimeSpan began, TimeSpan deadline, WriteOperation operation, Write write, ConflictMode conflicts)
    : Pending(request, client, partition, rules, began, deadline)
{
    public WriteOperation Operation { get; } = operation;

    public Write Write { get; } = write;

    public ConflictMode Conflicts { get; } = conflicts;

    public override RequestQuorum Quorum => Operation.Quorum;

    /// <summary>The coordinator's own record of the key: its copy, or the hint it keeps as a stand-in.</summary>
    public RecordKey Own => new(Request.Key, Quorum.Participants[0].StandsInFor);
}
