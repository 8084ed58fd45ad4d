using System.CommandLine;
using Dynamo.Cli.Output;
using Dynamo.Cli.Shared;
using Dynamo.Client.Admin;

namespace Dynamo.Cli.Commands.Admin;

/// <summary>`dynamo admin verify`.</summary>
internal static class VerifyCommand
{
    public static Command Create() =>
        AdminCall.Make(new Command("verify", "Compares all replicas of all keys; exits 1 if any differ or a node does not answer."), async call =>
        {
            var result = await call.AnyAsync(contact => call.Admin.VerifyAsync(contact, call.Timeout, null, call.Cancellation));
            if (call.IsJson) PrintJson(result);
            else PrintText(result);
            return result.IsClean ? ExitCodes.Done : 1;
        });

    private static void PrintText(Verification result)
    {
        foreach (var difference in result.Differences)
            Console.Out.WriteLine($"differs: {difference.Key} (partition {difference.Partition}): {string.Join(", ", difference.Holders.Select(h => h.Value == 0 ? $"{h.Key} has nothing" : $"{h.Key} has {h.Value:x16}"))}");
        if (result.Differing > result.Differences.Count) Console.Out.WriteLine($"… and {result.Differing - result.Differences.Count} more");
        if (result.Silent.Count > 0) Console.Out.WriteLine($"no answer from {string.Join(", ", result.Silent)}: their data is not compared");
        Console.Out.WriteLine($"{result.Keys} keys compared, {result.Differing} differ, {result.Hints} hints pending");
    }

    private static void PrintJson(Verification result) => JsonLine.Print(json =>
    {
        json.WriteNumber("keys", result.Keys);
        json.WriteNumber("differing", result.Differing);
        json.WriteNumber("hints", result.Hints);
        json.WriteNodes("silent", result.Silent);
        json.WriteStartArray("differences");
        foreach (var difference in result.Differences) json.WriteStringValue(difference.Key);
        json.WriteEndArray();
    });
}
