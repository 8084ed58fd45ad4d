using System.CommandLine;
using Dynamo.Cli.Shared;
using Dynamo.Cli.Shell;
using Dynamo.Client;

namespace Dynamo.Cli.Commands;

/// <summary>`dynamo delete`.</summary>
internal static class DeleteCommand
{
    public static Command Create()
    {
        var key = new KeyOptions();
        var write = new WriteOptions();
        var command = write.AddTo(key.AddTo(new Command("delete", "Deletes a key's values; a value written concurrently stays.")));
        command.SetAction(async (parsed, cancellation) =>
        {
            var dynamo = await Connections.ClientAsync(write.Over(parsed, await key.ClientAsync(parsed, cancellation)), cancellation);
            var context = await write.ContextAsync(parsed, dynamo, key.Key(parsed), key.Settings(parsed), cancellation);
            if (context.IsNone)
            {
                await Console.Error.WriteLineAsync($"dynamo: not found: {key.KeyText(parsed)}");
                return ExitCodes.NotFound;
            }
            var deleting = write.IsIfUnchanged(parsed) ? dynamo.DeleteIfUnchangedAsync(key.Key(parsed), context, key.Settings(parsed), cancellation)
                : dynamo.DeleteAsync(key.Key(parsed), context, key.Settings(parsed), cancellation);
            Receipt.Print(key.KeyText(parsed), await deleting, "deleted", parsed.GetValue(key.Json));
            return ExitCodes.Done;
        });
        return command;
    }
}
