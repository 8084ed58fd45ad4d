using System.CommandLine;
using Dynamo.Cli.Options;
using Dynamo.Cli.Output;
using Dynamo.Cli.Shared;
using Dynamo.Core.Buckets;
using Dynamo.Core.Ring;

namespace Dynamo.Cli.Commands.Admin;

/// <summary>`dynamo admin bucket`.</summary>
internal static class BucketCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("bucket") { Description = "The bucket's name." };
        var (n, r, w) = (CommandLine.Number("--n", "Replicas of each key."), CommandLine.Number("--r", "Replicas that must answer a read."), CommandLine.Number("--w", "Nodes that must take a write."));
        var conflicts = new Option<string?>("--conflicts") { Description = "siblings, or last-write-wins: the latest timestamp wins, the others are lost." };
        conflicts.AcceptOnlyFromAmong("siblings", "last-write-wins");
        var warn = CommandLine.Number("--warn-siblings", "Log a key with more siblings than this.");
        return AdminCall.Make(new Command("bucket", "Sets a bucket's options, or shows them if none is given; options not given stay unchanged.") { name, n, r, w, conflicts, warn }, async call =>
        {
            var bucket = call.Get(name)!;
            if (StorageKey.WhyNotBucket(bucket) is { } reason) throw new UsageException(reason);
            var (version, options) = await call.AnyAsync(async contact =>
            {
                var (set, now) = (await call.Admin.ClusterAsync(contact, call.Timeout, call.Cancellation)).Bucket(bucket);
                var quorum = now.Quorum with { N = call.Get(n) ?? now.Quorum.N, R = call.Get(r) ?? now.Quorum.R, W = call.Get(w) ?? now.Quorum.W };
                var mode = call.Get(conflicts) switch { "last-write-wins" => ConflictMode.LastWriteWins, "siblings" => ConflictMode.Siblings, _ => now.Conflicts };
                var wanted = new BucketOptions(quorum, mode, call.Get(warn) ?? now.WarnSiblings);
                var isSet = call.Get(n) is not null || call.Get(r) is not null || call.Get(w) is not null || call.Get(conflicts) is not null || call.Get(warn) is not null;
                return isSet
                    ? (await call.Admin.SetBucketAsync(contact, bucket, wanted, call.Timeout, call.Cancellation), wanted)
                    : (set, now);
            });
            if (call.IsJson) PrintJson(bucket, version, options);
            else Print(bucket, version, options);
            return ExitCodes.Done;
        });
    }

    private static void Print(string bucket, long version, BucketOptions options) => Console.Out.WriteLine(
        $"bucket {bucket}: N {options.Quorum.N}, R {options.Quorum.R}, W {options.Quorum.W}, {Word(options.Conflicts)}, warns above {options.WarnSiblings} siblings "
        + (version == 0 ? "(the defaults)" : $"(version {version}; gossip spreads it to all nodes)"));

    private static void PrintJson(string bucket, long version, BucketOptions options) => JsonLine.Print(json =>
    {
        json.WriteString("bucket", bucket);
        json.WriteNumber("version", version);
        json.WriteNumber("n", options.Quorum.N);
        json.WriteNumber("r", options.Quorum.R);
        json.WriteNumber("w", options.Quorum.W);
        json.WriteString("conflicts", Word(options.Conflicts));
        json.WriteNumber("warnSiblings", options.WarnSiblings);
    });

    private static string Word(ConflictMode mode) => mode == ConflictMode.LastWriteWins ? "last-write-wins" : "siblings";
}
