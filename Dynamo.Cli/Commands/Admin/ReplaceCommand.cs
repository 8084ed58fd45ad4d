using System.CommandLine;
using Dynamo.Cli.Options;
using Dynamo.Client.Admin;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Cli.Commands.Admin;

/// <summary>`dynamo admin replace`.</summary>
internal static class ReplaceCommand
{
    public static Command Create()
    {
        var old = new Argument<string>("old") { Description = "The name of the node to replace, running or lost." };
        var successor = new Argument<string>("new") { Description = "The name or host:port of a running node that has not joined." };
        return AdminCall.Make(new Command("replace", "Stages a replacement: a new node takes over exactly the partitions of another one.") { old, successor }, async call =>
        {
            var (contact, cluster) = await call.FindAsync();
            var goes = AdminCall.Members(cluster, [call.Get(old)!])[0].Id;
            var comes = await SuccessorAsync(call, contact, cluster, call.Get(successor)!);
            await call.Admin.ReplaceAsync(contact, goes, comes, call.Timeout, call.Cancellation);
            return await Changes.SayAsync(call, contact);
        });
    }

    // A node that is in gossip already is introduced too: the members may not reach it.
    private static Task<NodeId> SuccessorAsync(AdminCall call, NodeAddress contact, ClusterInfo cluster, string nameOrAddress)
    {
        var address = nameOrAddress.Contains(':') ? CommandLine.Address(nameOrAddress) : AdminCall.Members(cluster, [nameOrAddress])[0].Address;
        return call.Admin.IntroduceAsync(contact, address, call.GossipTimeout, call.Cancellation);
    }
}
