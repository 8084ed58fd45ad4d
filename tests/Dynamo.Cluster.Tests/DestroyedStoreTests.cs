using Dynamo.Client;

namespace Dynamo.Cluster.Tests;

/// <summary>A node whose store is destroyed while it runs: the built program.</summary>
[Collection(Crowd.Nodes)]
public sealed class DestroyedStoreTests : IDisposable
{
    private static readonly RequestSettings Soon = new(Timeout: TimeSpan.FromSeconds(2));
    private readonly HostProcess _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task It_ends_with_one_line_that_names_the_actor_and_the_reason_and_a_status_of_its_own()
    {
        if (!OperatingSystem.IsLinux()) return;
        await _host.StartAsync();
        await using var dynamo = await _host.ConnectAsync();
        for (var i = 0; i < 20; i++) await dynamo.PutAsync($"key-{i}", new byte[10_000], DynamoContext.None);
        Assert.True((await dynamo.GetAsync("key-0")).IsFound);
        foreach (var file in new[] { _host.Store, _host.Store + "-wal" }) Destroy(file);

        var ended = _host.EndAsync();
        while (!ended.IsCompleted)
        {
            try
            {
                // After a commit the store reads again what it has read before.
                await dynamo.PutAsync("another", "x"u8.ToArray(), DynamoContext.None, Soon);
                await dynamo.GetAsync("key-0", Soon);
            }
            catch (DynamoException)
            {
                // It can no longer read anything.
            }
        }
        var outcome = await ended;
        Assert.Equal(4, outcome.Status);
        var line = Assert.Single(outcome.Errors.Trim().Split('\n'));
        Assert.Matches("^dynamo-host: node n1 ended: its actor [a-z-]+-n1 (failed 6 times within 60 s, now with|cannot start:) StoreException: the store ", line);
        Assert.Contains(_host.Store, line, StringComparison.Ordinal);
        Assert.Contains("failed and is restarted: StoreException: the store ", outcome.Output, StringComparison.Ordinal);
    }

    // Overwritten in place with the same length: the node's open handles and mappings stay valid.
    private static void Destroy(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        var nonsense = new byte[file.Length];
        Array.Fill(nonsense, (byte)0xFF);
        file.Write(nonsense);
    }
}
