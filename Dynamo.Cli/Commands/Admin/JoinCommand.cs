using System.CommandLine;
using Dynamo.Cli.Options;

namespace Dynamo.Cli.Commands.Admin;

/// <summary>`dynamo admin join`.</summary>
internal static class JoinCommand
{
    public static Command Create()
    {
        var addresses = new Argument<string[]>("addresses") { Description = "host:port of the running nodes to join.", Arity = ArgumentArity.OneOrMore };
        return AdminCall.Make(new Command("join", "Stages the join of running nodes. Join several nodes of a new zone in one plan.") { addresses }, async call =>
        {
            var newcomers = call.Get(addresses)!.Select(CommandLine.Address).ToArray();
            var (contact, _) = await call.FindAsync();
            foreach (var newcomer in newcomers) await call.Admin.JoinAsync(contact, newcomer, call.GossipTimeout, call.Cancellation);
            return await Changes.SayAsync(call, contact);
        });
    }
}
