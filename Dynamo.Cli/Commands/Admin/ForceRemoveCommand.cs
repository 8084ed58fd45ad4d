using System.CommandLine;

namespace Dynamo.Cli.Commands.Admin;

/// <summary>`dynamo admin force-remove`.</summary>
internal static class ForceRemoveCommand
{
    public static Command Create()
    {
        var node = new Argument<string>("node") { Description = "The name of a node that is lost for good." };
        var yes = new Option<bool>("--yes") { Description = "Also when the node answers." };
        return AdminCall.Make(new Command("force-remove", "Stages that a lost node is a member no more: nothing is waited for from it, and what only it held is lost.") { node, yes }, async call =>
        {
            var (contact, directory) = await call.FindAsync();
            var member = AdminCall.Members(directory, [call.Get(node)!])[0];
            // The others' word counts too: it may be only this machine that it does not answer.
            var isAlive = !directory.Unreachable.Contains(member.Id) || await call.Admin.TryStatusAsync(member.Address, call.Timeout, call.Cancellation) is not null;
            if (isAlive && !call.Get(yes))
                throw new UsageException($"node {member.Id} is alive: 'dynamo admin leave {member.Id}' loses nothing; --yes removes it all the same");
            await call.Admin.ForceRemoveAsync(contact, member.Id, call.Timeout, call.Cancellation);
            return await Changes.SayAsync(call, contact);
        });
    }
}
