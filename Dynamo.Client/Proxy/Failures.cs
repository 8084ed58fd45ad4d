using Dynamo.Core.Calls;
using Dynamo.Protocol;

namespace Dynamo.Client.Proxy;

/// <summary>What a call's caller is told in the end.</summary>
internal static class Failures
{
    /// <summary>The node had too few answers from other nodes.</summary>
    public static bool IsWantOfAnswers(ClientReply reply) => reply is RequestFailed { Kind: FailureKind.QuorumNotMet };

    public static DynamoException Of(CallStep.GiveUp end, Call call, DynamoClientOptions options) => end.Why switch
    {
        CallFailure.Overloaded => new DynamoOverloadedException(end.Refusal!),
        CallFailure.Refused => new DynamoUnavailableException(end.Refusal!),
        CallFailure.NobodyKnown => DynamoUnavailableException.NoAnswer(options.Contacts, call.Timeout),
        CallFailure.NoRing => new DynamoUnavailableException("the cluster has no ring yet"),
        _ => new DynamoUnavailableException($"no answer from {string.Join(", ", call.Route.Tried)} within {call.Timeout.TotalSeconds:0.###}s{call.Doubt}") { IsTimeout = true },
    };
}
