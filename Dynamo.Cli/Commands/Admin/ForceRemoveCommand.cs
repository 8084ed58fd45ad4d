using System.CommandLine;
using Dynamo.Cli.Options;
using Dynamo.Cli.Shared;
using Dynamo.Client.Admin;
using Dynamo.Core.Ring;

namespace Dynamo.Cli.Commands.Admin;

/// <summary>`dynamo admin force-remove`.</summary>
internal static class ForceRemoveCommand
{
    public static Command Create()
    {
        var node = new Argument<string>("node") { Description = "The name of a node that is lost for good." };
        var yes = CommandLine.Flag("--yes", "Remove it even if it answers.");
        return AdminCall.Make(new Command("force-remove", "Stages the removal of a lost node without waiting for it: data that only it held is lost.") { node, yes }, async call =>
        {
            var (contact, cluster) = await call.FindAsync();
            var lost = new NodeId(call.Get(node)!);
            if (!cluster.IsUnmet(lost) && !call.Get(yes) && AdminCall.Members(cluster, [lost.Name])[0] is var member && await IsAliveAsync(call, cluster, member))
            {
                throw new UsageException(member.Status == MemberState.Joining
                    ? $"node {lost} is alive and waits to join: --yes removes it anyway"
                    : $"node {lost} is alive: 'dynamo admin leave {lost}' loses no data; --yes removes it anyway");
            }
            await call.Admin.ForceRemoveAsync(contact, lost, call.Timeout, call.Cancellation);
            return await Changes.SayAsync(call, contact);
        });
    }

    // The other nodes' opinion counts too: the node may be unreachable only from this machine.
    private static async Task<bool> IsAliveAsync(AdminCall call, ClusterInfo cluster, MemberInfo member) =>
        !cluster.Unreachable.Contains(member.Id) || await call.Admin.TryStatusAsync(member.Address, call.Timeout, call.Cancellation) is not null;
}
