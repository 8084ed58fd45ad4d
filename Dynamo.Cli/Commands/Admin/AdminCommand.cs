using System.CommandLine;

namespace Dynamo.Cli.Commands.Admin;

/// <summary>`dynamo admin`: what an administrator asks of a cluster.</summary>
internal static class AdminCommand
{
    public static Command Create() => new("admin", "Looks at a cluster and sets it.")
    {
        PingCommand.Create(), StatusCommand.Create(), RingCommand.Create(), TransfersCommand.Create(), HintsCommand.Create(), VerifyCommand.Create(),
        BucketCommand.Create(), JoinCommand.Create(), LeaveCommand.Create(), ReplaceCommand.Create(), ForceRemoveCommand.Create(), PlanCommand.Create(),
        CommitCommand.Create(), ClearCommand.Create(), DrainCommand.Create(),
    };
}
