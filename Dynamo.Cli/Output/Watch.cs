using System.CommandLine;
using System.Text;
using Dynamo.Cli.Options;
using Dynamo.Cli.Shared;
using Dynamo.Client;
using Microsoft.Win32.SafeHandles;
using Spectre.Console;

namespace Dynamo.Cli.Output;

/// <summary>`--watch`: repeats a view until Ctrl-C.</summary>
internal static class Watch
{
    private const nint StandardOutput = 1;
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
        NoticeClosedPipe();
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
        catch (IOException) when (Console.IsOutputRedirected)
        {
            // The pipe is closed: nobody reads on.
            return ExitCodes.Done;
        }
    }

    // On Unix the console's own stream ignores that a pipe is closed, so that a view would be printed for ever.
    private static void NoticeClosedPipe()
    {
        if (!Console.IsOutputRedirected || OperatingSystem.IsWindows()) return;
        var output = new FileStream(new SafeFileHandle(StandardOutput, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        if (!output.CanSeek) Console.SetOut(new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true });
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
