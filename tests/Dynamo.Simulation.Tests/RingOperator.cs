using Dynamo.Client;
using Dynamo.Client.Admin;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Simulation.Tests.World;

namespace Dynamo.Simulation.Tests;

/// <summary>
/// An administrator that at random times starts a spare node and joins it, lets a node leave, replaces or removes one, or changes the bucket's number of
/// replicas, through any node.
/// </summary>
public sealed class RingOperator(SimCluster cluster, Chaos chaos, string name, Random random)
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(2);
    private readonly DynamoAdmin _admin = cluster.Admin(name);

    public bool IsOver { get; set; }

    public int Commits { get; private set; }

    public async Task RunAsync()
    {
        while (!IsOver)
        {
            await cluster.World.Delay(TimeSpan.FromMilliseconds(random.Next(300, 3000)));
            try
            {
                await ChangeAsync();
            }
            catch (DynamoException e)
            {
                // A node did not answer, a change is in progress, some node is down: the operator tries something else later.
                cluster.World.Note($"{name}: {e.Message}");
            }
        }
    }

    private async Task ChangeAsync()
    {
        var alive = cluster.Members.Where(n => n.Process.IsAlive).ToArray();
        if (alive.Length == 0) return;
        var contact = alive[random.Next(alive.Length)].Address;
        var members = (await _admin.DirectoryAsync(contact, RequestTimeout)).State.Members.Values.ToArray();
        var up = members.Where(m => m.Status == MemberStatus.Up).ToArray();
        var waiting = members.Where(m => m.Status == MemberStatus.Joining).ToArray();
        if (up.Length == 0) return;
        var victim = up[random.Next(up.Length)].Id;
        switch (random.Next(6))
        {
            case 0 when cluster.Nodes.FirstOrDefault(n => n.Engine is null) is { } spare:
                cluster.Start(spare);
                return;
            case 1 when waiting.Length > 0:
                await _admin.StageAsync(contact, waiting[0].Id, ChangeKind.Join, null, RequestTimeout);
                break;
            case 2 when up.Length > 4:
                await _admin.StageAsync(contact, victim, ChangeKind.Leave, null, RequestTimeout);
                break;
            case 3 when waiting.Length > 0:
                await _admin.StageAsync(contact, victim, ChangeKind.Replace, waiting[0].Id, RequestTimeout);
                break;
            case 4 when up.Length > 4:
                await _admin.StageAsync(contact, victim, ChangeKind.ForceRemove, null, RequestTimeout);
                break;
            case 5:
                var quorum = new QuorumRules(random.Next(2, 4), 2, 2);
                cluster.World.Note($"{name}: N = {quorum.N}");
                await _admin.SetBucketAsync(contact, StorageKey.DefaultBucket, BucketOptions.Default with { Quorum = quorum }, RequestTimeout);
                return;
            default:
                return;
        }
        var plan = await _admin.PlanAsync(contact, RequestTimeout);
        // A node that hands nothing over takes a copy with it, and a run may lose only one.
        if (plan.Removed.Count > 1 || (plan.Removed.Count == 1 && !chaos.TryLose(plan.Removed[0])))
        {
            await _admin.ClearAsync(contact, RequestTimeout);
            return;
        }
        await _admin.SubmitAsync(contact, plan, RequestTimeout);
        Commits++;
        cluster.World.Note($"commit epoch {plan.Epoch} plan {plan.Id}");
    }
}
