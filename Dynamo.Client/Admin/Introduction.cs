using System.Diagnostics;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Client.Admin;

/// <summary>Brings a running node into a cluster's gossip, and finds out why it does not come.</summary>
internal sealed class Introduction(NodeQuestions nodes, NodeAddress contact, NodeAddress newcomer, TimeSpan timeout, CancellationToken cancellation)
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);

    // A refusal before the newcomer was mended is forgotten by then.
    private static readonly TimeSpan RefusalPause = TimeSpan.FromSeconds(1);

    // As long as a dial may take.
    private static readonly TimeSpan ReachLimit = TimeSpan.FromSeconds(5);

    /// <summary>See <see cref="DynamoAdmin.IntroduceAsync"/>.</summary>
    public async Task<NodeId> RunAsync()
    {
        var theirs = await nodes.DirectoryAsync(newcomer, timeout, cancellation);
        var ours = await nodes.DirectoryAsync(contact, timeout, cancellation);
        if (theirs.ClusterName != ours.ClusterName)
            throw new DynamoBadRequestException($"the node at {newcomer} belongs to cluster '{theirs.ClusterName}', not '{ours.ClusterName}'");
        var clock = Stopwatch.StartNew();
        while (!ours.State.Members.ContainsKey(theirs.Node))
        {
            if (clock.Elapsed > RefusalPause && await RefusalAsync(theirs.Node) is { } refusal) throw new DynamoBadRequestException(refusal);
            if (clock.Elapsed > timeout) throw new DynamoUnavailableException($"node {theirs.Node} at {newcomer} did not become known to the cluster within {timeout.TotalSeconds:0.###}s");
            nodes.Introduce(contact, newcomer);
            await nodes.Pause(Between, cancellation);
            ours = await nodes.DirectoryAsync(contact, timeout, cancellation);
        }
        await DemandReachAsync(ours, ours.State.Members[theirs.Node]);
        return theirs.Node;
    }

    // The contact's warning about a node that it refuses.
    private async Task<string?> RefusalAsync(NodeId node) =>
        (await NodeQuestions.MaybeAsync(() => nodes.StatusAsync(contact, timeout, cancellation)))?.Warnings.FirstOrDefault(w => w.StartsWith($"node {node} ", StringComparison.Ordinal));

    // A node that dials the others may be in gossip although they cannot dial it.
    private async Task DemandReachAsync(ClusterDirectory ours, Member node)
    {
        var request = new ReachRequest(node.Id, node.Address, (int)Math.Min(ReachLimit.TotalMilliseconds, timeout.TotalMilliseconds / 2));
        var others = ours.State.Present.Where(m => m.Id != node.Id && !ours.Unreachable.Contains(m.Id)).ToArray();
        var reports = await Task.WhenAll(others.Select(m => NodeQuestions.MaybeAsync(() =>
            nodes.AskGossiperAsync<ReachReport>(m.Address, request, timeout, cancellation))));
        var cut = others.Zip(reports).Where(r => r.Second is { IsReached: false }).Select(r => r.First.Id).ToArray();
        if (cut.Length > 0)
        {
            throw new DynamoBadRequestException(
                $"node {node.Id} is not reached at {node.Address} from {string.Join(", ", cut)}: check the network between them, and its address "
                + "(akka.remote.dot-netty.tcp.hostname, public-hostname, public-port)");
        }
    }
}
