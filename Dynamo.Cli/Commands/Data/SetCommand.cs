using System.CommandLine;
using Dynamo.Client.DataTypes;

namespace Dynamo.Cli.Commands.Data;

/// <summary>`dynamo set`.</summary>
internal static class SetCommand
{
    public static Command Create() => new("set", "Keeps a set: of a concurrent add and remove of an element, the add wins.")
    {
        Change("add", "Adds elements.", elements => DynamoUpdate.Add(elements)),
        Change("remove", "Removes elements.", elements => DynamoUpdate.Remove(elements)),
        DataCall.Get<SetData>("set"),
    };

    private static Command Change(string name, string description, Func<string[], DynamoUpdate> updateOf)
    {
        var elements = new Argument<string[]>("element") { Description = "An element, as text; repeatable.", Arity = ArgumentArity.OneOrMore };
        return DataCall.Update(new Command(name, description) { elements }, parsed => updateOf(parsed.GetValue(elements)!));
    }
}
