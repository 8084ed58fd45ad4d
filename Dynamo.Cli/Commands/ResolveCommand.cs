using System.CommandLine;
using System.Globalization;
using System.Text;
using Dynamo.Cli.Options;
using Dynamo.Cli.Shared;
using Dynamo.Cli.Shell;
using Dynamo.Client;

namespace Dynamo.Cli.Commands;

/// <summary>`dynamo resolve`.</summary>
internal static class ResolveCommand
{
    public static Command Create()
    {
        var key = new KeyOptions();
        var number = new Argument<int?>("number") { Description = "Which of the siblings stays. Without it they are shown, and the number is asked for.", Arity = ArgumentArity.ZeroOrOne };
        var command = key.AddTo(new Command("resolve", "Chooses one of a key's siblings, which then replaces the others.") { number });
        command.SetAction(async (parsed, cancellation) =>
        {
            var dynamo = await Connections.ClientAsync(await key.ClientAsync(parsed, cancellation), cancellation);
            var got = await dynamo.GetAsync(key.Key(parsed), key.Settings(parsed), cancellation);
            if (!got.IsFound)
            {
                await Console.Error.WriteLineAsync($"dynamo: not found: {key.KeyText(parsed)}");
                return ExitCodes.NotFound;
            }
            if (got.Values.Count < 2 || got.Data.Count > 0) throw new FailedException($"the key {key.KeyText(parsed)} has no siblings to choose from");
            if (parsed.GetValue(number) is null) Show(got);
            if ((parsed.GetValue(number) ?? Ask(got.Values.Count)) is not { } chosen) return ExitCodes.Done;
            await PutAsync(dynamo, key, parsed, got, chosen, cancellation);
            return ExitCodes.Done;
        });
        return command;
    }

    /// <param name="chosen">From 1.</param>
    public static async Task PutAsync(DynamoClient dynamo, KeyOptions key, ParseResult parsed, GetResult got, int chosen, CancellationToken cancellation)
    {
        if (chosen < 1 || chosen > got.Values.Count) throw new UsageException($"{chosen} is not from 1 to {got.Values.Count}");
        var put = await dynamo.PutAsync(key.Key(parsed), got.Values[chosen - 1], got.Context, key.Settings(parsed), cancellation);
        Receipt.Print(key.KeyText(parsed), put, "resolved", parsed.GetValue(key.Json));
    }

    /// <summary>Shows the siblings as a numbered list.</summary>
    public static void Show(GetResult got)
    {
        Console.Out.WriteLine($"{got.Values.Count} siblings, written concurrently:");
        for (var i = 0; i < got.Values.Count; i++) Console.Out.WriteLine($"  {i + 1}) {Encoding.UTF8.GetString(got.Values[i].Span)}");
    }

    /// <returns>Null: all stay.</returns>
    /// <exception cref="UsageException">The answer is no number.</exception>
    public static int? Ask(int count)
    {
        Console.Out.Write($"Which one stays (1 to {count}, or nothing for all)? ");
        var answer = Console.In.ReadLine()?.Trim();
        if (string.IsNullOrEmpty(answer)) return null;
        return int.TryParse(answer, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new UsageException($"'{answer}' is not from 1 to {count}");
    }
}
