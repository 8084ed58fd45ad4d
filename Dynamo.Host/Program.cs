using System.CommandLine;
using Dynamo.Host;
using Dynamo.Remoting;

InlineCompletions.Enable();

var config = new Option<FileInfo>("--config", "-c") { Description = "The node's HOCON file; see hocon/node.conf. '-': standard input.", Required = true };
var check = new Option<bool>("--check") { Description = "Only check the configuration and name the node that it makes; exits 2 if it is invalid." };
var log = new Option<FileInfo?>("--log") { Description = "Write to this file instead of the terminal, and keep running when the terminal closes." };
var command = new RootCommand("Runs one node of an AkkaDynamo cluster until Ctrl-C or SIGTERM.") { config, check, log };
command.SetAction(async (parsed, _) =>
{
    if (parsed.GetValue(check)) return await NodeProcess.CheckAsync(parsed.GetValue(config)!);
    if (parsed.GetValue(log) is not { } file) return await NodeProcess.RunAsync(parsed.GetValue(config)!, isDetached: false);
    await using var writer = new StreamWriter(file.FullName, append: true) { AutoFlush = true };
    Console.SetOut(TextWriter.Synchronized(writer));
    Console.SetError(Console.Out);
    return await NodeProcess.RunAsync(parsed.GetValue(config)!, isDetached: true);
});

var invoked = command.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (invoked.Errors.Count > 0)
{
    Console.Error.WriteLine($"dynamo-host: {invoked.Errors[0].Message} See 'dynamo-host --help'.");
    return ExitCodes.BadConfiguration;
}
try
{
    return await invoked.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
}
catch (Exception e)
{
    Console.Error.WriteLine($"dynamo-host: {e.Message}");
    return ExitCodes.CouldNotStart;
}
