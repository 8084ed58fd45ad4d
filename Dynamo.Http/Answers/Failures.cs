using System.Collections.Immutable;
using Dynamo.Client;
using Dynamo.Http.Documents;
using Dynamo.Http.Errors;
using Dynamo.Http.Routing;

namespace Dynamo.Http.Answers;

/// <summary>The failures that many routes answer with.</summary>
internal static class Failures
{
    public static readonly RouteAnswer Condition = Problem(412, "The condition does not hold; the context of what the key holds is in the header.");
    public static readonly RouteAnswer TooLarge = Problem(413, "The body is longer than the limit.");
    public static readonly RouteAnswer OtherType = Problem(409, "The key holds something else.");

    /// <summary>Of each request to the cluster.</summary>
    public static readonly ImmutableArray<RouteAnswer> Request =
    [
        Problem(400, "A name, parameter, header or context is wrong; the problem names it and its limit."),
        Problem(429, "The nodes have as many requests in flight as they may (dynamo.limits.in-flight). Nothing was done."),
        Problem(503, "Too few replicas answered (needed, had), or none can serve now. A write may still take effect."),
        Problem(504, "No node answered in time. A write may have taken effect."),
    ];

    public static RouteAnswer Problem(int status, string description) => new(status, description, typeof(Problem), MediaTypes.Problem);

    public static ProblemException NoValue(DynamoKey key) => new(404, $"the key {key} has no value");
}
