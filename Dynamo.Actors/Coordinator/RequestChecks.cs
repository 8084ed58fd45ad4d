using Dynamo.Actors.Settings;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Quorum;
using Dynamo.Core.Requests;
using Dynamo.Core.Versioning;
using Dynamo.Protocol;

namespace Dynamo.Actors.Coordinator;

/// <summary>Checks a request before any work starts.</summary>
internal sealed class RequestChecks(DynamoSettings settings, ContextToken contexts)
{
    public BucketOptions OptionsOf(ClusterView view, ClientRequest request) => view.State.OptionsOf(request.Key.Bucket, settings.Bucket);

    /// <returns>The reason to refuse the request, or null.</returns>
    public RequestFailed? Check(ClientRequest request)
    {
        var valueBytes = request is PutRequest put ? put.Value.Length : 0;
        return settings.Limits.Requests.Check(request.Key, valueBytes) is { } reason
            ? new RequestFailed(request.Id, FailureKind.BadRequest, reason) : null;
    }

    /// <summary>The reason why the node cannot accept a request now, or null.</summary>
    /// <param name="inFlight">Requests that the node coordinates now.</param>
    public RequestFailed? CheckNode(ClientRequest request, ClusterView view, bool isDraining, int inFlight)
    {
        if (isDraining) return new RequestFailed(request.Id, FailureKind.WrongNode, $"node {view.Self} is being drained");
        if (view.Ring.IsNone) return new RequestFailed(request.Id, FailureKind.WrongNode, $"node {view.Self} has no ring yet");
        return inFlight < settings.Limits.InFlight ? null : new RequestFailed(
            request.Id, FailureKind.Overloaded,
            $"node {view.Self} has {inFlight} requests in flight: {settings.Limits.InFlight} is the limit (dynamo.limits.in-flight)");
    }

    public TimeSpan DeadlineOf(ClientRequest request, TimeSpan now) => Coordination.DeadlineOf(
        now, request.TimeoutMs > 0 ? TimeSpan.FromMilliseconds(request.TimeoutMs) : settings.Request.Timeout, settings.Tombstones.Grace);

    /// <exception cref="BadContextException">This cluster did not issue the request's context for the key.</exception>
    public Write WriteOf(PutRequest put, long nowMs, ConflictMode conflicts) => new(
        contexts.Open(put.Context, put.Key), put.Value, put.IsDelete, put.WriteId, conflicts == ConflictMode.LastWriteWins ? nowMs : 0);
}
