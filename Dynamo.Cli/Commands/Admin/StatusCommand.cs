using System.CommandLine;
using System.Text.Json;
using Dynamo.Cli.Output;
using Dynamo.Client.Admin;
using Dynamo.Core.Ring;

namespace Dynamo.Cli.Commands.Admin;

/// <summary>`dynamo admin status`.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var nodes = new Argument<string[]>("nodes") { Description = "Names of nodes; all when none is given.", Arity = ArgumentArity.ZeroOrMore };
        var watch = Watch.Option();
        return AdminCall.Make(new Command("status", "Shows every member: how the others see it, its share, keys, hints and background work.") { nodes, watch }, call =>
            Watch.RunAsync(call.Get(watch), call.Cancellation, async () =>
            {
                var picture = await LookAsync(call);
                var shown = AdminCall.Members(picture.Cluster, call.Get(nodes) ?? []);
                return call.IsJson ? () => PrintJson(picture, shown) : () => PrintTable(picture, shown);
            }));
    }

    private static async Task<Picture> LookAsync(AdminCall call)
    {
        var cluster = await call.ClusterAsync();
        var members = AdminCall.Members(cluster, []);
        return new Picture(cluster, members.Select(m => m.Id).Zip(await call.StatusesAsync(members)).ToDictionary(s => s.First, s => s.Second));
    }

    private static void PrintTable(Picture picture, MemberInfo[] shown)
    {
        var ring = picture.Ring;
        Console.Out.WriteLine(
            $"cluster {picture.Cluster.Name}: ring epoch {ring.Epoch}, {ring.PartitionCount} partitions of {ring.Replicas} replicas, "
            + $"{picture.Statuses.Count} members{(ring.Moving > 0 ? $"; {ring.Moving} partitions still to move" : "")}");
        var table = Tables.New(
            ("node", false), ("address", false), ("status", false), ("seen", false), ("partitions", true), ("share", true), ("keys", true), ("bytes", true),
            ("hints", true), ("engine", false), ("background", true), ("p99", true), ("version", false), ("uptime", true));
        foreach (var member in shown) table.Add(Row(picture, member));
        Tables.Print(table);
        if (Changes.All(picture.Cluster) is { Length: > 0 } staged) Console.Out.WriteLine($"staged: {staged}; {Changes.Next}");
        foreach (var member in shown)
            foreach (var trouble in Troubles(picture.Statuses[member.Id])) Console.Out.WriteLine($"{member.Id}: {trouble}");
        foreach (var (text, by) in picture.Warnings) Console.Out.WriteLine($"warning: {text} (says {string.Join(", ", by)})");
        foreach (var gone in picture.Gone) Console.Out.WriteLine($"gone: {gone.Id} ({Word(gone.Status)})");
    }

    private static string[] Row(Picture picture, MemberInfo member)
    {
        string[] known =
        [
            member.Id.Name, member.Address.ToString(), State(member, picture.Statuses[member.Id]), picture.Seen(member.Id),
            picture.Ring.PartitionsOf(member.Id).ToString(), $"{100 * picture.Ring.ShareOf(member.Id):0.0} %",
        ];
        if (picture.Statuses[member.Id] is not { } status) return [.. known, .. Enumerable.Repeat("-", 8)];
        return
        [
            .. known, status.Keys.ToString(), Human.Bytes(status.Bytes), status.HintsHeld.ToString(), status.Engine, $"{100 * status.BackgroundShare:0} %",
            $"{status.ForegroundP99.TotalMilliseconds:0.0} ms", status.Version, Human.Duration(status.Uptime),
        ];
    }

    private static string State(MemberInfo member, NodeStatus? status)
    {
        var words = new List<string> { Word(member.Status) };
        if (status?.IsDraining == true) words.Add("drained");
        if (status is { StoreFailure.Length: > 0 }) words.Add("takes no writes");
        if (status?.IsClockOff == true) words.Add("clock off");
        return string.Join(", ", words);
    }

    private static IEnumerable<string> Troubles(NodeStatus? status)
    {
        if (status is { StoreFailure.Length: > 0 }) yield return $"its store takes no writes: {status.StoreFailure}";
        if (status?.IsClockOff != true) yield break;
        var lead = $"{Math.Abs(status.ClockLead.TotalSeconds):0.000} s {(status.ClockLead < TimeSpan.Zero ? "behind" : "ahead of")}";
        yield return $"its clock is {lead} the median of the nodes' clocks (dynamo.clock.max-skew)";
    }

    private static void PrintJson(Picture picture, MemberInfo[] shown) => JsonLine.Print(json =>
    {
        json.WriteString("cluster", picture.Cluster.Name);
        json.WriteNumber("epoch", picture.Ring.Epoch);
        json.WriteNumber("partitions", picture.Ring.PartitionCount);
        json.WriteNumber("replicas", picture.Ring.Replicas);
        json.WriteNumber("moving", picture.Ring.Moving);
        json.WriteStartArray("nodes");
        foreach (var member in shown) WriteNode(json, picture, member);
        json.WriteEndArray();
        json.WriteStaged(picture.Cluster);
        json.WriteNodes("gone", picture.Gone.Select(m => m.Id));
    });

    private static void WriteNode(Utf8JsonWriter json, Picture picture, MemberInfo member)
    {
        json.WriteStartObject();
        json.WriteString("node", member.Id.Name);
        json.WriteString("address", member.Address.ToString());
        json.WriteString("status", Word(member.Status));
        json.WriteString("zone", member.Zone);
        json.WriteNumber("weight", member.Weight);
        json.WriteString("seen", picture.Seen(member.Id));
        json.WriteNodes("unseenBy", picture.UnseenBy(member.Id));
        json.WriteNumber("partitions", picture.Ring.PartitionsOf(member.Id));
        json.WriteNumber("share", Math.Round(picture.Ring.ShareOf(member.Id), 4));
        json.WriteBoolean("answers", picture.Statuses[member.Id] is not null);
        if (picture.Statuses[member.Id] is { } status)
        {
            json.WriteNumber("keys", status.Keys);
            json.WriteNumber("bytes", status.Bytes);
            json.WriteNumber("hints", status.HintsHeld);
            json.WriteString("engine", status.Engine);
            json.WriteNumber("backgroundShare", status.BackgroundShare);
            json.WriteNumber("p99Ms", status.ForegroundP99.TotalMilliseconds);
            json.WriteString("version", status.Version);
            json.WriteNumber("uptimeMs", (long)status.Uptime.TotalMilliseconds);
            json.WriteBoolean("draining", status.IsDraining);
            json.WriteNumber("clockLeadMs", (long)status.ClockLead.TotalMilliseconds);
            json.WriteBoolean("clockOff", status.IsClockOff);
            json.WriteString("storeFailure", status.StoreFailure);
            json.WriteNumber("processId", status.ProcessId);
            json.WriteStartArray("warnings");
            foreach (var warning in status.Warnings) json.WriteStringValue(warning);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static string Word(MemberState status) => status.ToString().ToLowerInvariant();

    /// <summary>One node's view of the cluster, and every node's own status.</summary>
    private sealed record Picture(ClusterInfo Cluster, IReadOnlyDictionary<NodeId, NodeStatus?> Statuses)
    {
        private const int MaxNamed = 3;

        public RingInfo Ring => Cluster.Ring;

        public IEnumerable<MemberInfo> Gone => Cluster.Members.Where(m => m.IsGone);

        /// <summary>Each warning with the nodes that have it.</summary>
        public IEnumerable<(string Text, NodeId[] By)> Warnings =>
            from status in Statuses
            from warning in status.Value?.Warnings ?? []
            group status.Key by warning into alike
            orderby alike.Key
            select (alike.Key, alike.Order().ToArray());

        public NodeId[] UnseenBy(NodeId node) => [.. Statuses.Where(s => s.Value?.Unreachable.Contains(node) == true).Select(s => s.Key).Order()];

        public string Seen(NodeId node)
        {
            var doubters = UnseenBy(node);
            var others = doubters.Length switch
            {
                0 => "by all",
                <= MaxNamed => $"not by {string.Join(", ", doubters)}",
                _ => $"not by {doubters.Length}",
            };
            return Statuses[node] is not null ? others : doubters.Length == 0 ? "no answer" : $"no answer, {others}";
        }
    }
}
