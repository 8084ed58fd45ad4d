using System.CommandLine;
using Dynamo.Client.DataTypes;

namespace Dynamo.Cli.Commands.Data;

/// <summary>`dynamo counter`.</summary>
internal static class CounterCommand
{
    public static Command Create() => new("counter", "Counts: increments at any node add up.")
    {
        Step("incr", "Adds to a counter and prints its value.", 1), Step("decr", "Subtracts from a counter and prints its value.", -1), DataCall.Get<CounterData>("counter"),
    };

    private static Command Step(string name, string description, int sign)
    {
        var by = new Argument<long>("by") { Description = "By how much.", DefaultValueFactory = _ => 1 };
        return DataCall.Update(new Command(name, description) { by }, parsed => DynamoUpdate.Increment(sign * parsed.GetValue(by)));
    }
}
