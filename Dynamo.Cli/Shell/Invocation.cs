using System.CommandLine;
using Dynamo.Cli.Options;
using Dynamo.Cli.Shared;
using Dynamo.Client;

namespace Dynamo.Cli.Shell;

/// <summary>Runs one command line. Every failure becomes one line on standard error and an exit status.</summary>
internal static class Invocation
{
    public static async Task<int> RunAsync(RootCommand root, IReadOnlyList<string> words, CancellationToken cancellation = default)
    {
        var parsed = Parse(root, words);
        if (parsed.Errors.Count > 0)
        {
            Console.Error.WriteLine($"dynamo: {CommandLine.Mistake(parsed)} See '{CommandLine.Of(parsed)} --help'.");
            return ExitCodes.BadUsage;
        }
        try
        {
            // In the shell, Ctrl-C ends the command and not the shell.
            var limit = cancellation.CanBeCanceled ? (TimeSpan?)null : TimeSpan.FromSeconds(30);
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = limit }, cancellation);
        }
        catch (Exception e)
        {
            Console.Error.WriteLine($"dynamo: {Words(e)}");
            return StatusOf(e);
        }
    }

    // A key or value may begin with @, which must not be read as a response file.
    public static ParseResult Parse(RootCommand root, IReadOnlyList<string> words) => root.Parse(words, new ParserConfiguration { ResponseFileTokenReplacer = null });

    // The last kind is, for example, a closed output pipe or a full disk: a stack trace helps nobody.
    private static string Words(Exception e) => e switch
    {
        OperationCanceledException => "interrupted",
        DynamoConditionException => $"nothing was written: {e.Message}",
        _ => e.Message,
    };

    private static int StatusOf(Exception e) => e switch
    {
        UsageException or DynamoBadRequestException or DynamoBadContextException => ExitCodes.BadUsage,
        DynamoConditionException => ExitCodes.ConditionFailed,
        _ => ExitCodes.Failed,
    };
}
