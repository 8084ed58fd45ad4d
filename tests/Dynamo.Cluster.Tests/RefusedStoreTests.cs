namespace Dynamo.Cluster.Tests;

/// <summary>Stores that the built node refuses: one line names the store and the reason, the status is 1, and nothing is changed.</summary>
[Collection(Crowd.Nodes)]
public sealed class RefusedStoreTests : IDisposable
{
    private readonly HostProcess _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task A_folder_that_cannot_be_created()
    {
        File.WriteAllText(_host.At("file"), "in the way");
        await AssertRefusedAsync($"dynamo.storage.data-dir = \"{_host.At("file")}/data\"", _host.At("file"), "dynamo.storage.data-dir");
        Assert.Equal("in the way", File.ReadAllText(_host.At("file")));
    }

    [Fact]
    public async Task A_folder_that_not_even_root_may_write()
    {
        if (OperatingSystem.IsLinux()) await AssertRefusedAsync("dynamo.storage.data-dir = /proc/dynamo", "/proc/dynamo", "dynamo.storage.data-dir");
    }

    [Fact]
    public async Task A_file_that_is_damaged()
    {
        await _host.StartAsync();
        _host.Kill();
        var bytes = File.ReadAllBytes(_host.Store);
        new Random(1).NextBytes(bytes.AsSpan(0, Math.Min(bytes.Length, 4096)));
        File.WriteAllBytes(_host.Store, bytes);
        foreach (var beside in new[] { "-wal", "-shm" }) File.Delete(_host.Store + beside);
        await AssertRefusedAsync("", _host.Store, "is damaged", "It was left as it is");
        Assert.Equal(bytes, File.ReadAllBytes(_host.Store));
    }

    [Fact]
    public async Task Another_node_s_store_and_another_cluster_s()
    {
        await _host.StartAsync();
        _host.Kill();
        await AssertRefusedAsync("dynamo.node.name = n2", _host.Store, "belongs to node 'n1', not 'n2' (dynamo.node.name, dynamo.storage.data-dir)");
        await AssertRefusedAsync("dynamo.cluster.name = other", _host.Store, "belongs to the cluster 'dynamo', not 'other' (dynamo.cluster.name)");
        await _host.StartAsync();
    }

    [Fact]
    public async Task A_store_that_a_running_node_has_open()
    {
        await _host.StartAsync();
        await AssertRefusedAsync("", _host.DataDir, "being used by another process");
    }

    private async Task AssertRefusedAsync(string hocon, params string[] said)
    {
        var outcome = await _host.RunAsync(hocon);
        Assert.Equal(1, outcome.Status);
        Assert.Single(outcome.Errors.Trim().Split('\n'));
        foreach (var words in said) Assert.Contains(words, outcome.Errors, StringComparison.Ordinal);
    }
}
