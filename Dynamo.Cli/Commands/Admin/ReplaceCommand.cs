using System.CommandLine;
using Dynamo.Cli.Options;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Cli.Commands.Admin;

/// <summary>`dynamo admin replace`.</summary>
internal static class ReplaceCommand
{
    public static Command Create()
    {
        var old = new Argument<string>("old") { Description = "The name of the node that goes, running or lost." };
        var successor = new Argument<string>("new") { Description = "The name or host:port of a running node that has not joined." };
        return AdminCall.Make(new Command("replace", "Stages that a new node takes exactly the places of another one.") { old, successor }, async call =>
        {
            var (contact, directory) = await call.FindAsync();
            var goes = AdminCall.Members(directory, [call.Get(old)!])[0].Id;
            var comes = await SuccessorAsync(call, contact, directory, call.Get(successor)!);
            await call.Admin.ReplaceAsync(contact, goes, comes, call.Timeout, call.Cancellation);
            return await Changes.SayAsync(call, contact);
        });
    }

    private static async Task<NodeId> SuccessorAsync(AdminCall call, NodeAddress contact, ClusterDirectory directory, string nameOrAddress) =>
        nameOrAddress.Contains(':')
            ? await call.Admin.IntroduceAsync(contact, CommandLine.Address(nameOrAddress), call.GossipTimeout, call.Cancellation)
            : AdminCall.Members(directory, [nameOrAddress])[0].Id;
}
