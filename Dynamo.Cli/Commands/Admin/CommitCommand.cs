using System.CommandLine;
using Dynamo.Cli.Options;
using Dynamo.Cli.Output;
using Dynamo.Cli.Shared;
using Dynamo.Client;
using Dynamo.Client.Admin;
using Dynamo.Core.Membership;

namespace Dynamo.Cli.Commands.Admin;

/// <summary>`dynamo admin commit`.</summary>
internal static class CommitCommand
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(500);

    public static Command Create()
    {
        var id = new Argument<string?>("plan") { Description = "The id that 'dynamo admin plan' showed: commit that plan or none.", Arity = ArgumentArity.ZeroOrOne };
        var wait = CommandLine.Flag("--wait", "Return when all partitions have moved.");
        return AdminCall.Make(new Command("commit", "Commits the staged changes; exits 3 if a node that must know of them does not answer, or another operator's plan won.") { id, wait }, async call =>
        {
            var (contact, _) = await call.FindAsync();
            var plan = await call.Admin.PlanAsync(contact, call.Timeout, call.Cancellation);
            if (call.Get(id) is { } wanted && !string.Equals(wanted, plan.Id, StringComparison.OrdinalIgnoreCase))
                throw new UsageException($"the plan is now {plan.Id}, not {wanted}: review it with 'dynamo admin plan'");
            if (!await CommitAsync(call, contact, plan))
                throw new FailedException("another operator's plan won: nothing of this one was done. See 'dynamo admin status', then stage and plan again");
            if (call.Get(wait)) await UntilMovedAsync(call, plan);
            Say(call, plan);
            return ExitCodes.Done;
        });
    }

    private static async Task<bool> CommitAsync(AdminCall call, NodeAddress contact, PlanReport plan)
    {
        try
        {
            return await call.Admin.CommitAsync(contact, plan, call.Timeout, call.Cancellation);
        }
        catch (DynamoBadRequestException e)
        {
            // The command was right: the plan could be made. A node does not answer, or the cluster has changed since.
            throw new FailedException($"{e.Message}; see 'dynamo admin status' and 'dynamo admin transfers'");
        }
    }

    private static void Say(AdminCall call, PlanReport plan)
    {
        if (call.IsJson)
        {
            JsonLine.Print(json =>
            {
                json.WriteString("plan", plan.Id);
                json.WriteNumber("epoch", plan.Epoch);
                json.WriteNumber("moves", plan.Moves);
            });
        }
        else Console.Out.WriteLine($"committed: ring epoch {plan.Epoch}, {plan.Moves} replicas move; 'dynamo admin transfers --watch' shows the progress");
    }

    private static async Task UntilMovedAsync(AdminCall call, PlanReport plan)
    {
        while (true)
        {
            var ring = await call.AnyAsync(contact => call.Admin.RingAsync(contact, call.Timeout, call.Cancellation));
            // A later plan is another operator's; this one was finished before it, or was merged into it.
            if (ring.Epoch > plan.Epoch || (ring.Epoch == plan.Epoch && ring.IsSettled)) return;
            await Task.Delay(Between, call.Cancellation);
        }
    }
}
