using System.CommandLine;

namespace Dynamo.Cli.Commands.Admin;

/// <summary>`dynamo admin leave`.</summary>
internal static class LeaveCommand
{
    public static Command Create()
    {
        var nodes = new Argument<string[]>("nodes") { Description = "Names of nodes.", Arity = ArgumentArity.OneOrMore };
        return AdminCall.Make(new Command("leave", "Stages the departure of nodes, which hand all their partitions to the others.") { nodes }, async call =>
        {
            var (contact, directory) = await call.FindAsync();
            foreach (var member in AdminCall.Members(directory, call.Get(nodes)!)) await call.Admin.LeaveAsync(contact, member.Id, call.Timeout, call.Cancellation);
            return await Changes.SayAsync(call, contact);
        });
    }
}
