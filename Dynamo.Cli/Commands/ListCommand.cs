using System.CommandLine;
using System.Text;
using System.Text.Unicode;
using Dynamo.Cli.Options;
using Dynamo.Cli.Output;
using Dynamo.Cli.Shared;
using Dynamo.Cli.Shell;
using Dynamo.Client;
using Dynamo.Client.DataTypes;

namespace Dynamo.Cli.Commands;

/// <summary>`dynamo list`.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var bucket = CommandLine.Bucket();
        var prefix = new Option<string?>("--prefix") { Description = "Only keys that begin with this text." };
        var buckets = CommandLine.Flag("--buckets", "List the names of all buckets instead.");
        var after = new Option<string?>("--after") { Description = "Go on after the page that ended with this token." };
        var limit = CommandLine.Number("--limit", "Print about this many keys, and then a token for --after on standard error.");
        var r = CommandLine.Number("--r", "Replicas of each partition that must answer.");
        var cluster = new ClusterOptions();
        var command = cluster.AddTo(new Command("list", "Lists the keys of a bucket, one on a line, in the order of the ring.") { bucket, prefix, buckets, after, limit, r });
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(buckets) && (parsed.GetValue(bucket) ?? parsed.GetValue(prefix) ?? parsed.GetValue(after)) is not null)
                throw new UsageException("--buckets excludes --bucket, --prefix and --after");
            if (parsed.GetValue(limit) < 1) throw new UsageException($"--limit {parsed.GetValue(limit)} is less than 1");
            var options = cluster.Client(parsed) with { Contacts = [.. await cluster.ContactsAsync(parsed, cancellation)], Timeout = cluster.Timeout(parsed) };
            var dynamo = await Connections.ClientAsync(options, cancellation);
            var settings = new RequestSettings(R: parsed.GetValue(r));
            // A line at a time would be a system call for each key.
            await using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), 64 << 10);
            if (parsed.GetValue(buckets))
            {
                await foreach (var name in dynamo.ListBucketsAsync(settings, cancellation)) output.WriteLine(cluster.IsJson(parsed) ? JsonLine.Of(j => j.WriteString("bucket", name)) : name);
                return ExitCodes.Done;
            }
            var prefixBytes = Encoding.UTF8.GetBytes(parsed.GetValue(prefix) ?? "");
            var left = parsed.GetValue(limit) ?? long.MaxValue;
            for (var token = parsed.GetValue(after) ?? ""; ;)
            {
                var page = await dynamo.ListPageAsync(parsed.GetValue(bucket) ?? "default", prefixBytes, token, (int)Math.Min(left, 1000), settings, cancellation);
                foreach (var key in page.Keys) output.WriteLine(cluster.IsJson(parsed) ? JsonLine.Of(j => Write(j, key)) : Text(key));
                left -= page.Keys.Count;
                if (page.Next is not { } next) return ExitCodes.Done;
                token = next;
                if (left > 0) continue;
                await output.FlushAsync(cancellation);
                await Console.Error.WriteLineAsync($"dynamo: there may be more: --after {token}");
                return ExitCodes.Done;
            }
        });
        return command;
    }

    // As `get --hex` takes it, where the bytes are no text.
    private static string Text(DynamoKey key) =>
        Utf8.IsValid(key.Bytes.Span) && Encoding.UTF8.GetString(key.Bytes.Span) is var text && !text.Any(char.IsControl) ? text : $"0x{Convert.ToHexStringLower(key.Bytes.Span)}";

    private static void Write(System.Text.Json.Utf8JsonWriter json, DynamoKey key)
    {
        json.WritePropertyName("key");
        DynamoJson.WriteBytes(json, key.Bytes.Span);
    }
}
