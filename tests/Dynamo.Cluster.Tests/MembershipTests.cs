using System.Text;
using System.Text.Json;
using Dynamo.Client;

namespace Dynamo.Cluster.Tests;

/// <summary>An operator changes a cluster's members under load: a node joins, one that was killed is replaced, one leaves.</summary>
[Collection(Crowd.Clusters)]
public sealed class MembershipTests : IDisposable
{
    private const int Keys = 300;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly Cli _dynamo = new();

    public void Dispose() => _dynamo.Dispose();

    [Fact]
    public async Task Nodes_join_are_replaced_and_leave_and_nothing_acknowledged_is_lost()
    {
        var port = Cli.FreePorts(5);
        // A busy disk may hold up a commit for longer than the usual three seconds; these tests are not about time.
        await DoneAsync("up", "--nodes", "3", "--detach", "--port", port.ToString(), "--set", "dynamo.request.timeout=30s");
        await using var dynamo = await Cli.ConnectAsync(Addresses(port));
        for (var i = 0; i < Keys; i++) await dynamo.PutAsync($"key:{i}", Value(i), DynamoContext.None);
        using var load = new Load(dynamo);

        Assert.Contains($"dynamo admin join 127.0.0.1:{port + 3}", await DoneAsync("up", "--add", "1"));
        await DoneAsync("admin", "join", $"127.0.0.1:{port + 3}");
        var plan = await PlanAsync();
        Assert.Equal(192, plan.GetProperty("moves").GetInt32());
        Assert.Equal(192, plan.GetProperty("owners").EnumerateArray().Count(p => p.GetProperty("afterwards").EnumerateArray().Any(n => n.GetString() == "n4")));
        Assert.InRange(plan.GetProperty("bytes").GetInt64(), 1, (long)(1.1 * plan.GetProperty("leastBytes").GetInt64()));
        AssertRefused(await _dynamo.RunAsync("admin", "commit", "0123456789abcdef"), 2, "not 0123456789abcdef");
        await DoneAsync("admin", "commit", plan.GetProperty("plan").GetString()!, "--wait");
        await load.GoesOnAsync();
        Assert.All(await NodesAsync(), n => Assert.Equal(192, n.GetProperty("partitions").GetInt32()));
        AssertRefused(await _dynamo.RunAsync("admin", "plan"), 2, "nothing is staged");

        Cli.Kill(_dynamo.Processes()[1]);
        await DoneAsync("up", "--add", "1");
        await UntilAsync(async () => (await NodesAsync()).Any(n => n.GetProperty("node").GetString() == "n2" && n.GetProperty("unseenBy").GetArrayLength() == 4));
        await DoneAsync("admin", "leave", "n2");
        AssertRefused(await _dynamo.RunAsync("admin", "commit"), 3, "node n2 does not answer");
        // Two changes in one plan.
        await DoneAsync("admin", "replace", "n2", $"127.0.0.1:{port + 4}");
        await DoneAsync("admin", "leave", "n1");
        await DoneAsync("admin", "commit", "--wait");
        await load.GoesOnAsync();
        AssertRefused(await _dynamo.RunAsync("admin", "status", "n2"), 2, "node 'n2' was removed");
        Assert.All((await NodesAsync()).Where(n => n.GetProperty("status").GetString() == "up"), n => Assert.Equal(256, n.GetProperty("partitions").GetInt32()));

        await load.StopAsync();
        for (var i = 0; i < Keys; i++) Assert.Equal(Value(i), Assert.Single((await dynamo.GetAsync($"key:{i}")).Values).ToArray());
        await UntilAsync(async () => (await _dynamo.RunAsync("admin", "verify")).Status == 0);
    }

    [Fact]
    public async Task Nodes_are_restarted_one_after_the_other_and_no_request_fails()
    {
        var port = Cli.FreePorts(3);
        // A busy disk may hold up a commit for longer than the usual three seconds; these tests are not about time.
        await DoneAsync("up", "--nodes", "3", "--detach", "--port", port.ToString(), "--set", "dynamo.request.timeout=30s");
        await using var dynamo = await Cli.ConnectAsync(Addresses(port));
        using var load = new Load(dynamo);
        foreach (var (node, process) in new[] { "n1", "n2", "n3" }.Zip(_dynamo.Processes()))
        {
            await DoneAsync("admin", "drain", node);
            Assert.Contains("up, drained", await DoneAsync("admin", "status", node));
            Cli.Signal(process, "TERM");
            // Until it has ended there is nothing to start.
            await UntilAsync(async () => (await _dynamo.RunAsync("up", "--detach")).Status == 0);
            Assert.DoesNotContain("drained", await DoneAsync("admin", "status", node));
            await load.GoesOnAsync();
        }
        await load.StopAsync();
    }

    [Fact]
    public async Task A_paused_node_stops_no_requests_and_comes_back_by_itself()
    {
        var port = Cli.FreePorts(3);
        // A busy disk may hold up a commit for longer than the usual three seconds; these tests are not about time.
        await DoneAsync("up", "--nodes", "3", "--detach", "--port", port.ToString(), "--set", "dynamo.request.timeout=30s");
        await using var dynamo = await Cli.ConnectAsync(Addresses(port));
        using var load = new Load(dynamo);
        await load.GoesOnAsync();
        var process = _dynamo.Processes()[1];
        Cli.Signal(process, "STOP");
        try
        {
            await UntilAsync(async () => (await NodesAsync()).Single(n => n.GetProperty("node").GetString() == "n2").GetProperty("unseenBy").GetArrayLength() == 2);
            await load.GoesOnAsync();
        }
        finally
        {
            Cli.Signal(process, "CONT");
        }
        await UntilAsync(async () => (await NodesAsync()).All(n => n.GetProperty("seen").GetString() == "by all"));
        await load.StopAsync();
        await UntilAsync(async () => (await _dynamo.RunAsync("admin", "verify")).Status == 0);
    }

    private static IEnumerable<string> Addresses(int port) => Enumerable.Range(port, 3).Select(p => $"127.0.0.1:{p}");

    private static byte[] Value(int i) => Encoding.UTF8.GetBytes($"value {i}");

    private static void AssertRefused(Outcome outcome, int status, string said)
    {
        Assert.Equal(status, outcome.Status);
        Assert.Contains(said, outcome.Errors);
    }

    private static Task UntilAsync(Func<Task<bool>> holds) => Waiting.UntilAsync(holds, Limit);

    private async Task<JsonElement> PlanAsync() => JsonDocument.Parse(await DoneAsync("admin", "plan", "--json")).RootElement;

    private async Task<JsonElement[]> NodesAsync() =>
        [.. JsonDocument.Parse(await DoneAsync("admin", "status", "--json", "--timeout", "1s")).RootElement.GetProperty("nodes").EnumerateArray()];

    private async Task<string> DoneAsync(params string[] arguments)
    {
        var outcome = await _dynamo.RunAsync(arguments);
        Assert.True(outcome.Status == 0, $"dynamo {string.Join(' ', arguments)}: {outcome.Status}, {outcome.Errors}");
        return outcome.Output;
    }

    /// <summary>Writes and reads without a pause, one at a time, and counts what fails.</summary>
    private sealed class Load : IDisposable
    {
        private readonly CancellationTokenSource _over = new();
        private readonly Task _running;

        public Load(DynamoClient dynamo) => _running = RunAsync(dynamo);

        private int _done;
        private string? _failure;

        /// <summary>Some more requests are answered, and none has failed so far.</summary>
        public Task GoesOnAsync()
        {
            var enough = Volatile.Read(ref _done) + 20;
            return UntilAsync(async () =>
            {
                await Task.Yield();
                Assert.Null(Volatile.Read(ref _failure));
                return Volatile.Read(ref _done) >= enough;
            });
        }

        public async Task StopAsync()
        {
            await _over.CancelAsync();
            await _running;
            Assert.Null(_failure);
        }

        public void Dispose() => _over.Dispose();

        private async Task RunAsync(DynamoClient dynamo)
        {
            for (var i = 0; !_over.IsCancellationRequested; i++)
            {
                try
                {
                    var key = $"load:{i % 100}";
                    var seen = await dynamo.GetAsync(key);
                    await dynamo.PutAsync(key, Value(i), seen.Context);
                    Interlocked.Increment(ref _done);
                }
                catch (DynamoException e)
                {
                    Volatile.Write(ref _failure, e.Message);
                }
            }
        }
    }
}
