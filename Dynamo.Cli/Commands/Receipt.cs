using Dynamo.Cli.Output;
using Dynamo.Client;

namespace Dynamo.Cli.Commands;

/// <summary>Prints the receipt of a write.</summary>
internal static class Receipt
{
    public static void Print(string key, PutResult put, string done, bool asJson)
    {
        if (!asJson)
        {
            Console.Out.WriteLine($"{done}: {string.Join(", ", put.Took.Select(InWords))} took it, {put.W} needed");
            if (put.Condition is { } condition) Console.Out.WriteLine($"condition: {InWords(condition)}");
            return;
        }
        JsonLine.Print(json =>
        {
            json.WriteString("key", key);
            json.WriteString("context", put.Context.ToString());
            json.WriteStartObject("receipt");
            json.WriteNumber("w", put.W);
            json.WriteStartArray("took");
            foreach (var line in put.Took)
            {
                json.WriteStartObject();
                json.WriteString("node", line.Node.Name);
                json.WriteString("as", Role(line));
                json.WriteBoolean("synced", line.IsSynced);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
            if (put.Condition is not { } condition) return;
            json.WriteStartObject("condition");
            json.WriteString("checkedBy", condition.By.Name);
            json.WriteBoolean("first", condition.IsFirst);
            json.WriteNumber("answered", condition.Answered);
            json.WriteEndObject();
        });
    }

    private static string InWords(ConditionReceipt condition) =>
        $"checked by {condition.By} against {condition.Answered} replica{(condition.Answered == 1 ? "" : "s")}; "
        + (condition.IsFirst ? "it is the key's first replica that is up, so others like it were excluded" : "it is not the key's first replica that is up, so another put like it may have been stored too");

    private static string Role(WriteReceipt line) => line.FallbackFor is { } primary ? $"fallback for {primary}" : "primary";

    private static string InWords(WriteReceipt line) => line.FallbackFor is { } primary ? $"{line.Node} (for {primary})" : line.Node.Name;
}
