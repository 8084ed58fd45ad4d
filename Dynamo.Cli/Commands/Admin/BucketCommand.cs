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
        var quorum = new QuorumFlags();
        var conflicts = new Option<string?>("--conflicts") { Description = "siblings, or last-write-wins: the latest timestamp wins, the others are lost." };
        conflicts.AcceptOnlyFromAmong([.. ConflictWords.All.Select(known => known.Word)]);
        var warn = CommandLine.Number("--warn-siblings", "Log a key with more siblings than this.");
        var ttl = CommandLine.Ttl("How long a value lives after its put, for puts that do not say: a number with ms, s, m, h or d, or never.");
        var command = new Command("bucket", "Sets a bucket's options; those not given stay as they are. Shows them when none is given.") { name };
        foreach (var option in (Option[])[.. quorum.All, conflicts, warn, ttl]) command.Options.Add(option);
        return AdminCall.Make(command, async call =>
        {
            var bucket = call.Get(name)!;
            if (StorageKey.WhyNotBucket(bucket) is { } reason) throw new UsageException(reason);
            var (version, options) = await call.AnyAsync(async contact =>
            {
                var (set, now) = (await call.Admin.ClusterAsync(contact, call.Timeout, call.Cancellation)).Bucket(bucket);
                var asked = call.Get(quorum);
                var wanted = new BucketOptions(
                    asked.ReplaceIn(now.Quorum), ConflictWords.ModeOf(call.Get(conflicts)) ?? now.Conflicts, call.Get(warn) ?? now.WarnSiblings,
                    (long?)call.Get(ttl)?.TotalMilliseconds ?? now.TtlMs);
                var isSet = !asked.IsNone || call.Get(conflicts) is not null || call.Get(warn) is not null || call.Get(ttl) is not null;
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
        $"bucket {bucket}: N {options.Quorum.N}, R {options.Quorum.R}, W {options.Quorum.W}, {Strict("PR", options.Quorum.PR)}{Strict("PW", options.Quorum.PW)}{Strict("DW", options.Quorum.DW)}{ConflictWords.Of(options.Conflicts)}, warns above {options.WarnSiblings} siblings{Life(options.TtlMs)} "
        + (version == 0 ? "(the defaults)" : $"(version {version}; gossip spreads it to all nodes)"));

    private static string Life(long ttlMs) => ttlMs == 0 ? "" : $", values expire after {Human.Life(ttlMs)}";

    private static string Strict(string name, int needed) => needed == 0 ? "" : $"{name} {needed}, ";

    private static void PrintJson(string bucket, long version, BucketOptions options) => JsonLine.Print(json =>
    {
        json.WriteString("bucket", bucket);
        json.WriteNumber("version", version);
        json.WriteNumber("n", options.Quorum.N);
        json.WriteNumber("r", options.Quorum.R);
        json.WriteNumber("w", options.Quorum.W);
        json.WriteNumber("pr", options.Quorum.PR);
        json.WriteNumber("pw", options.Quorum.PW);
        json.WriteNumber("dw", options.Quorum.DW);
        json.WriteString("conflicts", ConflictWords.Of(options.Conflicts));
        json.WriteNumber("warnSiblings", options.WarnSiblings);
        json.WriteNumber("ttlMs", options.TtlMs);
    });
}
