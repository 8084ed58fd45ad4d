using System.CommandLine;
using Dynamo.Client.DataTypes;

namespace Dynamo.Cli.Commands.Data;

/// <summary>`dynamo flag`.</summary>
internal static class FlagCommand
{
    public static Command Create() => new("flag", "Keeps a flag: of concurrent changes, on wins.")
    {
        DataCall.Update(new Command("on", "Switches the flag on."), _ => DynamoUpdate.Switch(true)),
        DataCall.Update(new Command("off", "Switches the flag off."), _ => DynamoUpdate.Switch(false)),
        DataCall.Get<FlagData>("flag"),
    };
}
