using System.CommandLine;
using Dynamo.Cli.Commands;
using Dynamo.Cli.Commands.Admin;
using Dynamo.Cli.Options;
using Dynamo.Cli.Shared;
using Dynamo.Client;
using Dynamo.Remoting;

InlineCompletions.Enable();

var root = new RootCommand("A Dynamo-style key-value store: run a cluster, put and get.")
{
    UpCommand.Create(), DownCommand.Create(), PutCommand.Create(), GetCommand.Create(), DeleteCommand.Create(),
    ExplainCommand.Create(), AdminCommand.Create(), BenchCommand.Create(),
};

// A key or value may begin with @, which must not be read as a response file.
var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (parsed.Errors.Count > 0)
{
    Console.Error.WriteLine($"dynamo: {CommandLine.Mistake(parsed)} See '{CommandLine.Of(parsed)} --help'.");
    return ExitCodes.BadUsage;
}

try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
}
catch (Exception e) when (e is UsageException or DynamoBadRequestException or DynamoBadContextException)
{
    Console.Error.WriteLine($"dynamo: {e.Message}");
    return ExitCodes.BadUsage;
}
catch (Exception e) when (e is FailedException or DynamoException)
{
    Console.Error.WriteLine($"dynamo: {e.Message}");
    return ExitCodes.Failed;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("dynamo: interrupted");
    return ExitCodes.Failed;
}
catch (Exception e)
{
    // For example a closed output pipe or a full disk: a stack trace helps nobody.
    Console.Error.WriteLine($"dynamo: {e.Message}");
    return ExitCodes.Failed;
}
