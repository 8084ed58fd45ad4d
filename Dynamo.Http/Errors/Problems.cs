using Dynamo.Client;
using Dynamo.Http.Documents;
using Microsoft.AspNetCore.Http;

namespace Dynamo.Http.Errors;

/// <summary>The problem that a failure is to the caller.</summary>
internal static class Problems
{
    /// <returns>Null: a fault of this program.</returns>
    public static Problem? Of(Exception e) => e switch
    {
        ProblemException known => known.Problem,
        DynamoBadRequestException => Problem.Of(400, e.Message),
        DynamoBadContextException => Problem.Of(400, e.Message, "context"),
        DynamoUpdateException => Problem.Of(409, e.Message),
        DynamoConditionException condition => Problem.Of(412, e.Message) with { Context = condition.Context.ToString() },
        DynamoOverloadedException => Problem.Of(429, e.Message),
        DynamoQuorumException quorum => Problem.Of(503, e.Message) with { Needed = quorum.Needed, Had = quorum.Had },
        DynamoUnavailableException { IsTimeout: true } => Problem.Of(504, e.Message),
        DynamoUnavailableException => Problem.Of(503, e.Message),
        ObjectDisposedException => Problem.Of(503, "the node is stopping"),
        // Kestrel's own: a body that ends early, a malformed chunk.
        BadHttpRequestException bad => Problem.Of(bad.StatusCode, bad.Message.TrimEnd('.')),
        _ => null,
    };
}
