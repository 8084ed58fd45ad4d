using System.CommandLine;
using Dynamo.Cli.Shared;

namespace Dynamo.Cli.Commands;

/// <summary>`dynamo completion`.</summary>
internal static class CompletionCommand
{
    // The parser completes by itself: it answers the directive [suggest:POSITION] with the words that may stand there.
    private const string Bash = """
        # Completion of 'dynamo' for bash: source <(dynamo completion)
        _dynamo()
        {
            local IFS=$'\n'
            COMPREPLY=( $(compgen -W "$("${COMP_WORDS[0]}" "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}") )
        }
        complete -o default -F _dynamo dynamo
        """;

    public static Command Create()
    {
        var command = new Command("completion", "Prints a script that completes commands and options in bash: source <(dynamo completion).");
        command.SetAction(_ =>
        {
            Console.Out.WriteLine(Bash);
            return ExitCodes.Done;
        });
        return command;
    }
}
