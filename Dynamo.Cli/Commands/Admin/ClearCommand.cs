using System.CommandLine;
using Dynamo.Cli.Output;
using Dynamo.Cli.Shared;

namespace Dynamo.Cli.Commands.Admin;

/// <summary>`dynamo admin clear`.</summary>
internal static class ClearCommand
{
    public static Command Create() => AdminCall.Make(new Command("clear", "Clears all staged changes."), async call =>
    {
        var (contact, cluster) = await call.FindAsync();
        await call.Admin.ClearAsync(contact, call.Timeout, call.Cancellation);
        var staged = Changes.All(cluster);
        if (call.IsJson) JsonLine.Print(json => json.WriteNumber("cleared", cluster.Staged.Count));
        else Console.Out.WriteLine(staged.Length == 0 ? "nothing was staged" : $"taken back: {staged}");
        return ExitCodes.Done;
    });
}
