using Dynamo.Client.Admin;
using Dynamo.Http.Answers;
using Dynamo.Http.Documents;
using Dynamo.Http.Errors;
using Dynamo.Http.Requests;
using Dynamo.Http.Routing;
using Microsoft.AspNetCore.Http;

namespace Dynamo.Http.Health;

/// <summary>For a supervisor (live) and a load balancer (ready).</summary>
internal sealed class HealthRoutes(NodeAccess node, string name)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    public IEnumerable<Route> All =>
    [
        new("GET", "/health/live", "getLive", "health", "The process serves HTTP", LiveAsync)
        {
            HasHead = true,
            Answers = [new(200, "It does.", typeof(HealthDocument), MediaTypes.Json)],
        },
        new("GET", "/health/ready", "getReady", "health", "The node takes requests", ReadyAsync)
        {
            Description = "It answers within a second, has a ring, is not drained, and its store takes writes.",
            HasHead = true,
            Answers = [new(200, "It does.", typeof(HealthDocument), MediaTypes.Json), Failures.Problem(503, "It does not; the problem says why.")],
        },
    ];

    /// <returns>Why the node takes no requests; null: it does.</returns>
    public static string? WhyNot(string node, NodeStatus? status) => status switch
    {
        null => $"node {node} did not answer within {Limit.TotalSeconds:0}s",
        { RingEpoch: 0 } => $"node {node} has no ring yet",
        { IsDraining: true } => $"node {node} is drained",
        { StoreFailure: { Length: > 0 } why } => $"the store of node {node} takes no writes: {why}",
        _ => null,
    };

    private Task LiveAsync(HttpContext http) => Answer.JsonAsync(http, new HealthDocument("live", name), HttpJson.Plain.HealthDocument);

    private async Task ReadyAsync(HttpContext http)
    {
        if (WhyNot(name, await node.Admin.TryStatusAsync(node.Self, Limit, http.RequestAborted)) is { } reason) throw new ProblemException(503, reason);
        await Answer.JsonAsync(http, new HealthDocument("ready", name), HttpJson.Plain.HealthDocument);
    }
}
