using System.CommandLine;

namespace Dynamo.Cli.Commands.Admin;

/// <summary>`dynamo admin`: the commands of an administrator.</summary>
internal static class AdminCommand
{
    public static Command Create() => new("admin", "Shows the state of a cluster, and changes its members, ring and buckets.")
    {
        PingCommand.Create(), StatusCommand.Create(), RingCommand.Create(), TransfersCommand.Create(), HintsCommand.Create(), VerifyCommand.Create(),
        BucketCommand.Create(), JoinCommand.Create(), LeaveCommand.Create(), ReplaceCommand.Create(), ForceRemoveCommand.Create(), PlanCommand.Create(),
        CommitCommand.Create(), ClearCommand.Create(), DrainCommand.Create(),
    };
}
