using Dynamo.Core.Calls;
using Dynamo.Protocol;

namespace Dynamo.Client.Proxy;

/// <summary>What nodes' refusals mean to a call, and what its caller is told in the end.</summary>
internal static class Failures
{
    /// <summary>Why the node did nothing of the request; null: the reply is the caller's.</summary>
    public static RefusalKind? KindOf(ClientReply reply) => reply is not RequestFailed failed ? null : failed.Kind switch
    {
        FailureKind.Overloaded => RefusalKind.Overloaded,
        FailureKind.WrongNode => RefusalKind.WrongNode,
        FailureKind.NotStored => RefusalKind.NotStored,
        _ => null,
    };

    public static DynamoException Of(CallStep.GiveUp end, Call call, DynamoClientOptions options) => end.Why switch
    {
        CallFailure.Overloaded => new DynamoOverloadedException(end.Refusal!),
        CallFailure.Refused => new DynamoUnavailableException(end.Refusal!),
        CallFailure.NobodyKnown => DynamoUnavailableException.NoAnswer(options.Contacts, call.Timeout),
        CallFailure.NoRing => new DynamoUnavailableException("the cluster has no ring yet"),
        _ => new DynamoUnavailableException($"no answer from {string.Join(", ", call.Route.Tried)} within {call.Timeout.TotalSeconds:0.###}s{call.Doubt}") { IsTimeout = true },
    };
}
