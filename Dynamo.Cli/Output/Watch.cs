using System.CommandLine;
using Dynamo.Cli.Options;
using Dynamo.Cli.Shared;
using Dynamo.Client;
using Spectre.Console;

namespace Dynamo.Cli.Output;

/// <summary>`--watch`: repeats a view until Ctrl-C.</summary>
internal static class Watch
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(2);

    public static Option<TimeSpan?> Option() => new("--watch")
    {
        Description = "Refresh at this interval (default 2s) until Ctrl-C. With --json, print a line each time.",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = argument => argument.Tokens.Count == 0 ? Usual : CommandLine.ParseDuration(argument, "--watch"),
    };

    /// <param name="interval">Null: show once.</param>
    /// <param name="look">Queries the cluster and returns an action that prints the result.</param>
    public static async Task<int> RunAsync(TimeSpan? interval, CancellationToken cancellation, Func<Task<Action>> look)
    {
        if (interval is not { } pause)
        {
            (await look())();
            return ExitCodes.Done;
        }
        try
        {
            while (true)
            {
                await ShowAsync(look);
                await Task.Delay(pause, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCodes.Done;
        }
    }

    // Keep going when the cluster does not answer: the operator wants to see it come back.
    private static async Task ShowAsync(Func<Task<Action>> look)
    {
        try
        {
            var print = await look();
            if (!Console.IsOutputRedirected) AnsiConsole.Clear();
            print();
        }
        catch (DynamoUnavailableException e)
        {
            await Console.Error.WriteLineAsync($"dynamo: {e.Message}");
        }
    }
}
