using Dynamo.Actors.Settings;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Quorum;
using Dynamo.Core.Requests;
using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;
using Dynamo.Protocol;

namespace Dynamo.Actors.Coordinator;

/// <summary>Checks a request before any work starts.</summary>
internal sealed class RequestChecks(DynamoSettings settings, ContextToken contexts)
{
    public BucketOptions OptionsOf(ClusterView view, ClientRequest request) => OptionsOf(view, request.Key.Bucket);

    public BucketOptions OptionsOf(ClusterView view, string bucket) => view.State.OptionsOf(bucket, settings.Bucket);

    /// <returns>The reason to refuse the request, or null.</returns>
    public RequestFailed? Check(ClientRequest request, ClusterView view) =>
        WhyNot(request, view) is { } reason ? new RequestFailed(request.Id, FailureKind.BadRequest, reason) : null;

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
    public Write WriteOf(PutRequest put, long nowMs, BucketOptions bucket)
    {
        var ttlMs = put.IsDelete ? 0 : put.Terms?.TtlMs ?? bucket.TtlMs;
        return new Write(
            contexts.Open(put.Context, put.Key), put.Value, put.IsDelete, put.WriteId, bucket.Conflicts == ConflictMode.LastWriteWins ? nowMs : 0,
            ttlMs == 0 ? 0 : nowMs + ttlMs);
    }

    private string? WhyNot(ClientRequest request, ClusterView view)
    {
        if (request is ListRequest list)
        {
            return list.Prefix.Length > settings.Limits.Requests.MaxKeyBytes
                ? $"the prefix has {list.Prefix.Length} bytes: {settings.Limits.Requests.MaxKeyBytes} is the limit of a key (dynamo.limits.key-bytes)"
                : list.Bucket.Length > 0 ? StorageKey.WhyNotBucket(list.Bucket) : null;
        }
        if (request is not PutRequest put) return settings.Limits.Requests.Check(request.Key, 0);
        var bytes = put.Terms?.Operation?.Bytes ?? put.Value.Length;
        if (settings.Limits.Requests.Check(request.Key, (int)Math.Min(bytes, int.MaxValue)) is { } reason) return reason;
        if (put.Terms is not { } terms) return null;
        if (terms.TtlMs is { } ttl && BucketOptions.WhyNotTtl(ttl) is { } badTtl) return badTtl;
        if (terms.Operation is null) return null;
        if (put.IsDelete || terms.Condition != PutCondition.None) return "an update of a data type can be neither a delete nor conditional";
        return OptionsOf(view, request).Conflicts == ConflictMode.LastWriteWins
            ? $"the bucket {request.Key.Bucket} keeps only the last write, and data types need siblings: use another bucket" : null;
    }
}
