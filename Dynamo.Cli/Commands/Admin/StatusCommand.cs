using System.CommandLine;
using System.Text.Json;
using Dynamo.Cli.Output;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Cli.Commands.Admin;

/// <summary>`dynamo admin status`.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var nodes = new Argument<string[]>("nodes") { Description = "Names of nodes; all when none is given.", Arity = ArgumentArity.ZeroOrMore };
        var watch = Watch.Option();
        return AdminCall.Make(new Command("status", "Shows every member: how the others see it, its share, keys, hints, background work.") { nodes, watch }, call =>
            Watch.RunAsync(call.Get(watch), call.Cancellation, async () =>
            {
                var picture = await LookAsync(call);
                var shown = AdminCall.Members(picture.Directory, call.Get(nodes) ?? []);
                return call.IsJson ? () => PrintJson(picture, shown) : () => PrintTable(picture, shown);
            }));
    }

    private static async Task<Picture> LookAsync(AdminCall call)
    {
        var directory = await call.DirectoryAsync();
        var members = AdminCall.Members(directory, []);
        return new Picture(directory, members.Select(m => m.Id).Zip(await call.StatusesAsync(members)).ToDictionary(s => s.First, s => s.Second));
    }

    private static void PrintTable(Picture picture, Member[] shown)
    {
        var ring = picture.Ring;
        Console.Out.WriteLine(
            $"cluster {picture.Directory.ClusterName}: ring epoch {ring.Epoch}, {ring.To.PartitionCount} partitions of {ring.To.Replicas} replicas, "
            + $"{picture.Statuses.Count} members{(picture.Moving > 0 ? $"; {picture.Moving} partitions still to move" : "")}");
        var table = Tables.New(
            ("node", false), ("address", false), ("status", false), ("seen", false), ("partitions", true), ("share", true), ("keys", true), ("bytes", true),
            ("hints", true), ("engine", false), ("background", true), ("p99", true), ("version", false), ("uptime", true));
        foreach (var member in shown) table.Add(Row(picture, member));
        Tables.Print(table);
        if (Changes.All(picture.Directory.State) is { Length: > 0 } staged) Console.Out.WriteLine($"staged: {staged}; {Changes.Next}");
        foreach (var gone in picture.Gone) Console.Out.WriteLine($"gone: {gone.Id} ({Word(gone.Status)})");
    }

    private static string[] Row(Picture picture, Member member)
    {
        string[] known =
        [
            member.Id.Name, member.Address.ToString(), Word(member.Status) + (picture.Statuses[member.Id]?.IsDraining == true ? ", drained" : ""), picture.Seen(member.Id),
            picture.Serving.PartitionsOwnedBy(member.Id).ToString(), $"{100 * picture.Share(member.Id):0.0} %",
        ];
        if (picture.Statuses[member.Id] is not { } status) return [.. known, .. Enumerable.Repeat("-", 8)];
        return
        [
            .. known, status.Keys.ToString(), Human.Bytes(status.Bytes), status.HintsHeld.ToString(), status.Engine, $"{100 * status.BackgroundShare:0} %",
            $"{status.ForegroundP99Ms:0.0} ms", status.Version, Human.Duration(TimeSpan.FromMilliseconds(status.UptimeMs)),
        ];
    }

    private static void PrintJson(Picture picture, Member[] shown) => JsonLine.Print(json =>
    {
        json.WriteString("cluster", picture.Directory.ClusterName);
        json.WriteNumber("epoch", picture.Ring.Epoch);
        json.WriteNumber("partitions", picture.Ring.To.PartitionCount);
        json.WriteNumber("replicas", picture.Ring.To.Replicas);
        json.WriteNumber("moving", picture.Moving);
        json.WriteStartArray("nodes");
        foreach (var member in shown) WriteNode(json, picture, member);
        json.WriteEndArray();
        json.WriteStaged(picture.Directory.State);
        json.WriteNodes("gone", picture.Gone.Select(m => m.Id));
    });

    private static void WriteNode(Utf8JsonWriter json, Picture picture, Member member)
    {
        json.WriteStartObject();
        json.WriteString("node", member.Id.Name);
        json.WriteString("address", member.Address.ToString());
        json.WriteString("status", Word(member.Status));
        json.WriteString("zone", member.Zone);
        json.WriteNumber("weight", member.Weight);
        json.WriteString("seen", picture.Seen(member.Id));
        json.WriteNodes("unseenBy", picture.UnseenBy(member.Id));
        json.WriteNumber("partitions", picture.Serving.PartitionsOwnedBy(member.Id));
        json.WriteNumber("share", Math.Round(picture.Share(member.Id), 4));
        json.WriteBoolean("answers", picture.Statuses[member.Id] is not null);
        if (picture.Statuses[member.Id] is { } status)
        {
            json.WriteNumber("keys", status.Keys);
            json.WriteNumber("bytes", status.Bytes);
            json.WriteNumber("hints", status.HintsHeld);
            json.WriteString("engine", status.Engine);
            json.WriteNumber("backgroundShare", status.BackgroundShare);
            json.WriteNumber("p99Ms", status.ForegroundP99Ms);
            json.WriteString("version", status.Version);
            json.WriteNumber("uptimeMs", status.UptimeMs);
            json.WriteBoolean("draining", status.IsDraining);
            json.WriteNumber("processId", status.ProcessId);
        }
        json.WriteEndObject();
    }

    private static string Word(MemberStatus status) => status.ToString().ToLowerInvariant();

    /// <summary>What one node says of the cluster, and each of itself and of the others.</summary>
    private sealed record Picture(ClusterDirectory Directory, IReadOnlyDictionary<NodeId, NodeStatus?> Statuses)
    {
        private const int MostNamed = 3;
        private readonly double _places = Math.Max(1, Directory.State.Ring.Serving.Owners.Sum(o => o.Length));

        public RingVersion Ring => Directory.State.Ring;

        public HashRing Serving => Ring.Serving;

        public int Moving { get; } = Enumerable.Range(0, Directory.State.Ring.To.PartitionCount).Count(p => !Directory.State.Ring.IsMoved(p));

        public IEnumerable<Member> Gone => Directory.State.Members.Values.Where(m => m.IsGone);

        /// <summary>The part of all replicas that the node holds.</summary>
        public double Share(NodeId node) => Serving.PartitionsOwnedBy(node) / _places;

        public NodeId[] UnseenBy(NodeId node) => [.. Statuses.Where(s => s.Value?.Unreachable.Contains(node) == true).Select(s => s.Key).Order()];

        public string Seen(NodeId node)
        {
            var doubters = UnseenBy(node);
            var others = doubters.Length switch
            {
                0 => "by all",
                <= MostNamed => $"not by {string.Join(", ", doubters)}",
                _ => $"not by {doubters.Length}",
            };
            return Statuses[node] is not null ? others : doubters.Length == 0 ? "no answer" : $"no answer, {others}";
        }
    }
}
