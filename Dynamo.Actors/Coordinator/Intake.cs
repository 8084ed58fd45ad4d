using Akka.Actor;
using Dynamo.Actors.Settings;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Requests;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;
using Dynamo.Protocol;

namespace Dynamo.Actors.Coordinator;

/// <summary>Begins the coordination of each request that was admitted. A conditional put begins with a get, and goes on when its condition holds.</summary>
internal sealed class Intake(DynamoSettings settings, RequestChecks checks, IScheduler scheduler)
{
    private long NowMs => scheduler.Now.ToUnixTimeMilliseconds();

    /// <exception cref="BadQuorumException">The request and its bucket together ask for an impossible quorum.</exception>
    /// <exception cref="BadContextException">This cluster did not issue the request's context for the key.</exception>
    public Pending Begin(ClientRequest request, IActorRef client, ClusterView view, List<Effect> effects)
    {
        var bucket = checks.OptionsOf(view, request);
        if (request is not PutRequest put) return BeginGet(request, client, scheduler.MonotonicClock, bucket, view, effects);
        var nowMs = NowMs;
        var pending = PutOf(put, client, scheduler.MonotonicClock, checks.WriteOf(put, nowMs, bucket), nowMs, bucket, view, check: null);
        var isConditional = put.Terms is { Condition: not PutCondition.None };
        if (isConditional && (put.IsForwarded || pending.Coordination.First == view.Self))
            return BeginGet(request, client, pending.Began, bucket, view, effects);
        pending.Coordination.Begun(put.IsForwarded, isConditional, view, effects);
        return pending;
    }

    /// <summary>What the key of a conditional put holds was read.</summary>
    /// <returns>The put, begun; null: the condition does not hold.</returns>
    /// <inheritdoc cref="Begin" path="/exception"/>
    public PendingPut? BeginChecked(PendingGet check, Outcome.Found found, ClusterView view, List<Effect> effects, out Outcome.ConditionFailed? failed)
    {
        var put = (PutRequest)check.Request;
        var bucket = checks.OptionsOf(view, put);
        var nowMs = NowMs;
        var write = checks.WriteOf(put, nowMs, bucket);
        failed = put.Terms!.Condition.WhyNot(found.Merged, write.Context, nowMs) is { } reason ? new Outcome.ConditionFailed(reason, found.Merged) : null;
        if (failed is not null) return null;
        // Of an absent key only tombstones are left, and the put replaces them.
        if (put.Terms.Condition == PutCondition.IfAbsent) write = write with { Context = write.Context.Join(found.Merged.Clock) };
        var pending = PutOf(
            put, check.Client, check.Began, write, nowMs, bucket, view,
            new ConditionCheck(view.Self, check.Coordination.First == view.Self, found.Answered));
        pending.Coordination.Begun(isForwarded: true, isConditional: true, view, effects);
        return pending;
    }

    private PendingGet BeginGet(ClientRequest request, IActorRef client, TimeSpan began, BucketOptions bucket, ClusterView view, List<Effect> effects)
    {
        var get = new GetCoordination(request.Key, request.Quorum.Over(bucket.Quorum), bucket.Conflicts, checks.DeadlineOf(request, began), view);
        get.Begun(effects);
        return new PendingGet(request, client, began, get);
    }

    private PendingPut PutOf(
        PutRequest put, IActorRef client, TimeSpan began, Write write, long nowMs, BucketOptions bucket, ClusterView view, ConditionCheck? check)
    {
        var coordination = new PutCoordination(put.Key, put.Quorum.Over(bucket.Quorum), write.Context, checks.DeadlineOf(put, began), view);
        var terms = put.Terms is { } asked ? new MintTerms(nowMs, asked.Condition, asked.Operation, settings.Limits.Requests.MaxValueBytes, asked.IsAgain) : null;
        return new PendingPut(put, client, began, coordination, write, bucket.Conflicts, terms) { Check = check };
    }
}
