using System.CommandLine;
using Dynamo.Client.DataTypes;

namespace Dynamo.Cli.Commands.Data;

/// <summary>`dynamo register`.</summary>
internal static class RegisterCommand
{
    public static Command Create()
    {
        var value = new Argument<string>("value") { Description = "The value, as text." };
        return new Command("register", "Keeps one value: of concurrent writes, the latest stays.")
        {
            DataCall.Update(new Command("set", "Writes the value.") { value }, parsed => DynamoUpdate.Assign(parsed.GetValue(value)!)),
            DataCall.Get<RegisterData>("register"),
        };
    }
}
