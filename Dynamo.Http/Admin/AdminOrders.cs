using Dynamo.Client;
using Dynamo.Client.Admin;
using Dynamo.Core.Membership;
using Dynamo.Http.Answers;
using Dynamo.Http.Documents;
using Dynamo.Http.Errors;
using Dynamo.Http.Requests;
using Dynamo.Http.Routing;
using Microsoft.AspNetCore.Http;

namespace Dynamo.Http.Admin;

/// <summary>Changes the cluster: stages changes, plans and commits them, drains nodes.</summary>
internal sealed class AdminOrders(NodeAccess node)
{
    private const string Address = """{"address":"127.0.0.1:7105"}""";
    private const string Node = """{"node":"n3"}""";
    private const string PlanId = """{"plan":"0123456789abcdef"}""";
    private const string On = """{"on":true}""";
    private static readonly string[] Parameters = ["timeout"];

    public IEnumerable<Route> All =>
    [
        Of("join", "Stages the join of a running node", typeof(StagedDocument), JoinAsync) with { Body = new(typeof(JoinOrder), Address, "The node's address.") },
        Of("leave", "Stages a node's leaving", typeof(StagedDocument), LeaveAsync) with { Body = new(typeof(LeaveOrder), Node, "The node's name.") },
        Of("plan", "Shows what a commit of the staged changes would do", typeof(PlanDocument), PlanAsync),
        Of("commit", "Commits the staged changes", typeof(CommitDocument), CommitAsync)
            with { Body = new(typeof(CommitOrder), PlanId, "The id that the plan showed: that plan is committed or none.", IsRequired: false) },
        Of("clear", "Takes the staged changes back", typeof(StagedDocument), ClearAsync),
        Of("drain", "Prepares a node for a restart, or ends that", typeof(DrainDocument), DrainAsync) with
        {
            Description = "A drained node takes no new requests and hands over its hints. Ask again until it is done.",
            Body = new(typeof(DrainOrder), On, "Which node (default: the one that answers), and whether its drain begins or ends.", IsRequired: false),
        },
    ];

    private static Route Of(string order, string summary, Type type, RequestDelegate handler) => new("POST", $"/admin/{order}", order, "admin", summary, handler)
    {
        Parameters = RequestOptions.Timeout,
        Answers =
        [
            new(200, "Done.", type, MediaTypes.Json), Failures.Problem(400, "A parameter or the body is wrong."), Failures.Problem(404, "There is no such node."),
            Failures.Problem(409, "The cluster's state does not allow it."), Failures.TooLarge, Failures.Problem(415, "The body is not application/json."),
            Failures.Problem(504, "A node did not answer in time."),
        ],
    };

    private async Task JoinAsync(HttpContext http)
    {
        var timeout = TimeoutOf(http);
        var asked = await Body.JsonAsync(http, node.MaxValueBytes, HttpJson.Plain.JoinOrder, Address);
        NodeAddress newcomer;
        try
        {
            newcomer = NodeAddress.Parse(asked.Address ?? "");
        }
        catch (FormatException)
        {
            throw ProblemException.Wrong("address", asked.Address ?? "", "host:port of a running node");
        }
        await DoAsync(node.Admin.JoinAsync(node.Self, newcomer, timeout, http.RequestAborted));
        await StagedAsync(http, timeout);
    }

    private async Task LeaveAsync(HttpContext http)
    {
        var timeout = TimeoutOf(http);
        var asked = await Body.JsonAsync(http, node.MaxValueBytes, HttpJson.Plain.LeaveOrder, Node);
        var member = await MemberAsync(http, asked.Node ?? throw new ProblemException(400, $"node: is missing: {Node} is wanted", "node", Node), timeout);
        await DoAsync(node.Admin.LeaveAsync(node.Self, member.Id, timeout, http.RequestAborted));
        await StagedAsync(http, timeout);
    }

    private async Task PlanAsync(HttpContext http) =>
        await Answer.JsonAsync(http, PlanDocument.Of(await DoAsync(node.Admin.PlanAsync(node.Self, TimeoutOf(http), http.RequestAborted))), HttpJson.Plain.PlanDocument);

    private async Task CommitAsync(HttpContext http)
    {
        var timeout = TimeoutOf(http);
        var asked = await Body.JsonAsync(http, node.MaxValueBytes, HttpJson.Plain.CommitOrder, PlanId, new CommitOrder());
        var plan = await DoAsync(node.Admin.PlanAsync(node.Self, timeout, http.RequestAborted));
        if (asked.Plan is { } wanted && !wanted.Equals(plan.Id, StringComparison.OrdinalIgnoreCase))
            throw new ProblemException(409, $"plan: the plan is now {plan.Id}, not {wanted}: review it with POST /admin/plan", "plan");
        if (!await DoAsync(node.Admin.CommitAsync(node.Self, plan, timeout, http.RequestAborted)))
            throw new ProblemException(409, "another operator's plan won: nothing of this one was done; see GET /admin/status, then stage and plan again");
        await Answer.JsonAsync(http, new CommitDocument(plan.Id, plan.Epoch, plan.Moves), HttpJson.Plain.CommitDocument);
    }

    private async Task ClearAsync(HttpContext http)
    {
        var timeout = TimeoutOf(http);
        await node.Admin.ClearAsync(node.Self, timeout, http.RequestAborted);
        await StagedAsync(http, timeout);
    }

    private async Task DrainAsync(HttpContext http)
    {
        var timeout = TimeoutOf(http);
        var asked = await Body.JsonAsync(http, node.MaxValueBytes, HttpJson.Plain.DrainOrder, On, new DrainOrder());
        var cluster = await node.Admin.ClusterAsync(node.Self, timeout, http.RequestAborted);
        var member = await MemberAsync(http, asked.Node ?? cluster.Node.Name, timeout);
        var state = await node.Admin.DrainAsync(member.Address, asked.On, timeout, http.RequestAborted);
        await Answer.JsonAsync(http, new DrainDocument(member.Id.Name, state.IsOn, state.InFlight, state.HintsHeld, state.IsDone), HttpJson.Plain.DrainDocument);
    }

    private async Task StagedAsync(HttpContext http, TimeSpan timeout)
    {
        var cluster = await node.Admin.ClusterAsync(node.Self, timeout, http.RequestAborted);
        await Answer.JsonAsync(http, new StagedDocument(cluster.Ring.Epoch, [.. cluster.Staged.Select(ChangeDocument.Of)]), HttpJson.Plain.StagedDocument);
    }

    private async Task<MemberInfo> MemberAsync(HttpContext http, string name, TimeSpan timeout)
    {
        var members = (await node.Admin.ClusterAsync(node.Self, timeout, http.RequestAborted)).Present.ToArray();
        return Array.Find(members, m => m.Id.Name == name)
            ?? throw new ProblemException(404, $"node: there is no '{name}': there are {string.Join(", ", members.Select(m => m.Id.Name))}", "node");
    }

    // The request is right, but the cluster's state does not allow it.
    private static async Task<T> DoAsync<T>(Task<T> order)
    {
        try
        {
            return await order;
        }
        catch (DynamoBadRequestException e)
        {
            throw new ProblemException(409, e.Message);
        }
    }

    private TimeSpan TimeoutOf(HttpContext http) => RequestOptions.TimeoutOf(new QueryText(http.Request, Parameters)) ?? node.Timeout;
}
