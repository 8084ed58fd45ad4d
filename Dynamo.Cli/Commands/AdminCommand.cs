using System.CommandLine;
using Dynamo.Cli.Output;
using Dynamo.Client;
using Dynamo.Core.Membership;
using Dynamo.Core.Quorum;
using Dynamo.Core.Ring;
using Dynamo.Protocol;
using Spectre.Console;

namespace Dynamo.Cli.Commands;

/// <summary>`dynamo admin`: what an administrator asks of a cluster.</summary>
internal static class AdminCommand
{
    public static Command Create() => new("admin", "Looks at a cluster and sets it.") { Ping(), Status(), Verify(), Bucket() };

    private static Command Ping()
    {
        var cluster = new ClusterOptions();
        var command = cluster.AddTo(new Command("ping", "Asks each node and says the round trip."));
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var admin = DynamoAdmin.Open();
            var silent = 0;
            foreach (var node in cluster.Contacts(parsed))
            {
                try
                {
                    // The first round trip opens the connection; the second is the node's.
                    await admin.PingAsync(node, cluster.Timeout(parsed), cancellation);
                    Console.Out.WriteLine($"{node}: {(await admin.PingAsync(node, cluster.Timeout(parsed), cancellation)).TotalMilliseconds:0.00} ms");
                }
                catch (DynamoUnavailableException)
                {
                    silent++;
                    Console.Out.WriteLine($"{node}: no answer");
                }
            }
            return silent == 0 ? ExitCodes.Done : ExitCodes.Failed;
        });
        return command;
    }

    private static Command Status()
    {
        var cluster = new ClusterOptions();
        var command = cluster.AddTo(new Command("status", "Shows every member: how the others see it, its share, keys, hints, background work."));
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var admin = DynamoAdmin.Open();
            var directory = await cluster.AnyAsync(parsed, contact => admin.DirectoryAsync(contact, cluster.Timeout(parsed), cancellation));
            var members = directory.State.Members.Values.ToArray();
            var statuses = await Task.WhenAll(members.Select(m => MaybeAsync(admin, m.Address, cluster.Timeout(parsed), cancellation)));
            if (cluster.IsJson(parsed)) PrintJson(directory, members, statuses);
            else PrintTable(directory, members, statuses);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Verify()
    {
        var cluster = new ClusterOptions();
        var command = cluster.AddTo(new Command("verify", "Compares all replicas of all keys; exits 1 if any differ."));
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var admin = DynamoAdmin.Open();
            var result = await cluster.AnyAsync(parsed, contact => admin.VerifyAsync(contact, cluster.Timeout(parsed), null, cancellation));
            if (cluster.IsJson(parsed)) PrintJson(result);
            else PrintText(result);
            return result.IsClean ? ExitCodes.Done : 1;
        });
        return command;
    }

    private static Command Bucket()
    {
        var name = new Argument<string>("bucket") { Description = "The bucket's name." };
        var (n, r, w) = (CommandLine.Number("--n", "Replicas of each key."), CommandLine.Number("--r", "Replicas that must answer a read."), CommandLine.Number("--w", "Nodes that must take a write."));
        var conflicts = new Option<string?>("--conflicts") { Description = "siblings, or last-write-wins: the latest timestamp stays and the others are lost." };
        conflicts.AcceptOnlyFromAmong("siblings", "last-write-wins");
        var warn = CommandLine.Number("--warn-siblings", "A key with more siblings than this is logged.");
        var cluster = new ClusterOptions();
        var command = cluster.AddTo(new Command("bucket", "Sets a bucket's options; what is not given stays as it is.") { name, n, r, w, conflicts, warn });
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var admin = DynamoAdmin.Open();
            var bucket = parsed.GetValue(name)!;
            var version = await cluster.AnyAsync(parsed, async contact =>
            {
                var directory = await admin.DirectoryAsync(contact, cluster.Timeout(parsed), cancellation);
                var now = directory.State.OptionsOf(bucket, directory.Defaults);
                var quorum = now.Quorum with { N = parsed.GetValue(n) ?? now.Quorum.N, R = parsed.GetValue(r) ?? now.Quorum.R, W = parsed.GetValue(w) ?? now.Quorum.W };
                var mode = parsed.GetValue(conflicts) switch { "last-write-wins" => ConflictMode.LastWriteWins, "siblings" => ConflictMode.Siblings, _ => now.Conflicts };
                return await admin.SetBucketAsync(contact, bucket, new BucketOptions(quorum, mode, parsed.GetValue(warn) ?? now.WarnSiblings), cluster.Timeout(parsed), cancellation);
            });
            Console.Out.WriteLine($"bucket {bucket} is set (version {version}); gossip takes it to all nodes");
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<NodeStatus?> MaybeAsync(DynamoAdmin admin, NodeAddress node, TimeSpan timeout, CancellationToken cancellation)
    {
        try
        {
            return await admin.StatusAsync(node, timeout, cancellation);
        }
        catch (DynamoUnavailableException)
        {
            return null;
        }
    }

    private static void PrintTable(ClusterDirectory directory, Member[] members, NodeStatus?[] statuses)
    {
        var ring = directory.State.Ring.Table;
        Console.Out.WriteLine($"cluster {directory.ClusterName}: ring epoch {ring.Epoch}, {ring.PartitionCount} partitions, {members.Length} members");
        var table = Tables.New(
            ("node", false), ("address", false), ("status", false), ("seen", false), ("partitions", true), ("share", true), ("keys", true), ("bytes", true),
            ("hints", true), ("engine", false), ("background", true), ("p99", true), ("version", false), ("uptime", true));
        for (var i = 0; i < members.Length; i++) table.AddRow(Row(members[i], statuses[i], statuses, ring).Select(Markup.Escape).ToArray());
        Tables.Print(table);
    }

    private static string[] Row(Member member, NodeStatus? status, NodeStatus?[] all, HashRing ring)
    {
        var owned = ring.PartitionsOwnedBy(member.Id);
        string[] known = [member.Id.Name, member.Address.ToString(), member.Status.ToString().ToLowerInvariant(), Seen(member.Id, status, all), owned.ToString(), $"{100.0 * owned / Math.Max(1, ring.PartitionCount):0.0} %"];
        if (status is null) return [.. known, .. Enumerable.Repeat("-", 8)];
        return
        [
            .. known, status.Keys.ToString(), status.Bytes.ToString(), status.HintsHeld.ToString(), status.Engine, $"{100 * status.BackgroundShare:0} %",
            $"{status.ForegroundP99Ms:0.0} ms", status.Version, TimeSpan.FromMilliseconds(status.UptimeMs).ToString(@"d\.hh\:mm\:ss"),
        ];
    }

    private static string Seen(NodeId node, NodeStatus? status, NodeStatus?[] all)
    {
        var doubters = all.Count(s => s is not null && s.Unreachable.Contains(node));
        if (status is null) return "no answer";
        return doubters == 0 ? "by all" : $"not by {doubters}";
    }

    private static void PrintJson(ClusterDirectory directory, Member[] members, NodeStatus?[] statuses) => JsonLine.Print(json =>
    {
        var ring = directory.State.Ring.Table;
        json.WriteString("cluster", directory.ClusterName);
        json.WriteNumber("epoch", ring.Epoch);
        json.WriteNumber("partitions", ring.PartitionCount);
        json.WriteStartArray("nodes");
        for (var i = 0; i < members.Length; i++)
        {
            json.WriteStartObject();
            json.WriteString("node", members[i].Id.Name);
            json.WriteString("address", members[i].Address.ToString());
            json.WriteString("status", members[i].Status.ToString().ToLowerInvariant());
            json.WriteString("seen", Seen(members[i].Id, statuses[i], statuses));
            json.WriteNumber("partitions", ring.PartitionsOwnedBy(members[i].Id));
            if (statuses[i] is { } status)
            {
                json.WriteNumber("keys", status.Keys);
                json.WriteNumber("bytes", status.Bytes);
                json.WriteNumber("hints", status.HintsHeld);
                json.WriteString("engine", status.Engine);
                json.WriteNumber("backgroundShare", status.BackgroundShare);
                json.WriteNumber("p99Ms", status.ForegroundP99Ms);
                json.WriteString("version", status.Version);
                json.WriteNumber("uptimeMs", status.UptimeMs);
                json.WriteNumber("processId", status.ProcessId);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    private static void PrintText(Verification result)
    {
        foreach (var difference in result.Differences)
            Console.Out.WriteLine($"differs: {difference.Key} (partition {difference.Partition}): {string.Join(", ", difference.Holders.Select(h => h.Value == 0 ? $"{h.Key} has nothing" : $"{h.Key} has {h.Value:x16}"))}");
        if (result.Differing > result.Differences.Count) Console.Out.WriteLine($"… and {result.Differing - result.Differences.Count} more");
        if (result.Silent.Count > 0) Console.Out.WriteLine($"no answer from {string.Join(", ", result.Silent)}: what they hold is not compared");
        Console.Out.WriteLine($"{result.Keys} keys compared, {result.Differing} differ, {result.Hints} hints pending");
    }

    private static void PrintJson(Verification result) => JsonLine.Print(json =>
    {
        json.WriteNumber("keys", result.Keys);
        json.WriteNumber("differing", result.Differing);
        json.WriteNumber("hints", result.Hints);
        json.WriteStartArray("silent");
        foreach (var node in result.Silent) json.WriteStringValue(node.Name);
        json.WriteEndArray();
        json.WriteStartArray("differences");
        foreach (var difference in result.Differences) json.WriteStringValue(difference.Key);
        json.WriteEndArray();
    });
}
