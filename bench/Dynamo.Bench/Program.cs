using System.CommandLine;
using Dynamo.Bench;
using Dynamo.Bench.Compare;

var root = new RootCommand("Compares the product with bare sockets, Akka Distributed Data, and other builds of itself.") { CompareCommand.Create() };
foreach (var part in ChildCommands.Create()) root.Add(part);

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    Console.Error.WriteLine($"dynamo-bench: {parsed.Errors[0].Message.ReplaceLineEndings(" ")}");
    return 2;
}

try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(60) });
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("dynamo-bench: interrupted");
    return 1;
}
catch (Exception e)
{
    Console.Error.WriteLine($"dynamo-bench: {e.Message.ReplaceLineEndings(" ")}");
    return e is UsageException ? 2 : 1;
}
