using System.CommandLine;
using Dynamo.Cli.Output;
using Dynamo.Cli.Shared;
using Dynamo.Cli.Shell;
using Dynamo.Client;
using Dynamo.Client.DataTypes;

namespace Dynamo.Cli.Commands.Data;

/// <summary>What the commands of all data types have in common: an update of a key, and a read of it.</summary>
internal static class DataCall
{
    /// <param name="command">With its own arguments and options; the key comes first.</param>
    /// <param name="updateOf">Makes the update of the command line.</param>
    public static Command Update(Command command, Func<ParseResult, DynamoUpdate> updateOf)
    {
        var key = new KeyOptions();
        key.AddTo(command).SetAction(async (parsed, cancellation) =>
        {
            var update = updateOf(parsed);
            var dynamo = await Connections.ClientAsync(await key.ClientAsync(parsed, cancellation), cancellation);
            var put = await dynamo.ApplyAsync(key.Key(parsed), update, key.Settings(parsed), cancellation);
            if (put.Counter is { } value && !parsed.GetValue(key.Json)) Console.Out.WriteLine(value);
            else Receipt.Print(key.KeyText(parsed), put, "updated", parsed.GetValue(key.Json));
            return ExitCodes.Done;
        });
        return command;
    }

    /// <typeparam name="T">The type that the key should hold.</typeparam>
    public static Command Get<T>(string type)
        where T : DynamoData
    {
        var key = new KeyOptions();
        var command = key.AddTo(new Command("get", $"Prints the {type}."));
        command.SetAction(async (parsed, cancellation) =>
        {
            var dynamo = await Connections.ClientAsync(await key.ClientAsync(parsed, cancellation), cancellation);
            var got = await dynamo.GetAsync(key.Key(parsed), key.Settings(parsed), cancellation);
            if (got.IsFound && (got.Values.Count > 0 || got.Data is not [T]))
                throw new FailedException($"the key {key.KeyText(parsed)} does not hold a {type} alone: see 'dynamo get'");
            if (parsed.GetValue(key.Json)) DataText.PrintJson(key.KeyText(parsed), got);
            else if (!got.IsFound) await Console.Error.WriteLineAsync($"dynamo: not found: {key.KeyText(parsed)}");
            else DataText.Print(got.Data[0]);
            return got.IsFound ? ExitCodes.Done : ExitCodes.NotFound;
        });
        return command;
    }
}
