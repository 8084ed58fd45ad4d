using System.CommandLine;
using Dynamo.Cli.Commands;
using Dynamo.Cli.Commands.Admin;
using Dynamo.Cli.Commands.Data;
using Dynamo.Cli.Shell;
using Dynamo.Remoting;

InlineCompletions.Enable();

var root = new RootCommand("A Dynamo-style key-value store: run a cluster, put and get.")
{
    UpCommand.Create(), DownCommand.Create(), PutCommand.Create(), GetCommand.Create(), DeleteCommand.Create(), ResolveCommand.Create(), ListCommand.Create(),
    CounterCommand.Create(), SetCommand.Create(), RegisterCommand.Create(), FlagCommand.Create(), MapCommand.Create(),
    ExplainCommand.Create(), AdminCommand.Create(), BenchCommand.Create(), CompletionCommand.Create(),
};
root.Subcommands.Add(ShellCommand.Create(root));
return await Invocation.RunAsync(root, args);
