using System.Diagnostics;
using System.Text.Json;

namespace Dynamo.Cluster.Tests;

/// <summary>A key whose siblings together outgrow one message (16 MiB), as a user meets it: the built programs.</summary>
public sealed class LargeKeyTests : IDisposable
{
    private const int Nodes = 5;
    // 1 MB each; dynamo.limits.record-bytes is 4 MiB.
    private const int PutsPerNode = 4;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private readonly Cli _dynamo = new();

    public void Dispose() => _dynamo.Dispose();

    [Fact]
    public async Task It_is_found_with_every_sibling_and_a_put_with_its_context_replaces_them()
    {
        await DoneAsync("up", "--nodes", $"{Nodes}", "--detach", "--port", Cli.FreePorts(Nodes).ToString());
        await DoneAsync("down");
        var value = Path.Combine(_dynamo.Folder, "value");
        await File.WriteAllBytesAsync(value, new byte[1_000_000]);
        foreach (var (name, address) in NamesAndAddresses()) await PutAloneAsync(name, address, value);

        await DoneAsync("up", "--detach");
        await EventuallyAsync(async () =>
        {
            using var got = JsonDocument.Parse((await DoneAsync("get", "k", "--json", "--timeout", "20s")).Output);
            return got.RootElement.GetProperty("siblings").GetInt32() == Nodes * PutsPerNode ? got.RootElement.GetProperty("context").GetString() : null;
        });
        await DoneAsync("put", "k", "one", "--timeout", "20s");
        Assert.Equal("one\n", (await DoneAsync("get", "k")).Output);
        await DoneAsync("delete", "k");
        Assert.Equal(1, (await _dynamo.RunAsync("get", "k")).Status);
        await EventuallyAsync(async () => (await _dynamo.RunAsync("admin", "verify")) is { Status: 0 } verified ? verified.Output : null);
    }

    private (string Name, string Address)[] NamesAndAddresses()
    {
        using var cluster = JsonDocument.Parse(File.ReadAllText(Path.Combine(_dynamo.Folder, ".dynamo", "cluster.json")));
        return [.. cluster.RootElement.GetProperty("nodes").EnumerateArray().Select(n => (n.GetProperty("name").GetString()!, n.GetProperty("address").GetString()!))];
    }

    private async Task PutAloneAsync(string name, string address, string value)
    {
        using var host = Process.Start(new ProcessStartInfo(Programs.Host, ["--config", Path.Combine(_dynamo.Folder, ".dynamo", $"{name}.conf")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        try
        {
            // A put may be stored without an answer in time, so the node takes as many as it may hold.
            await EventuallyAsync(async () =>
            {
                var put = await _dynamo.RunAsync("put", "k", "--value-file", value, "--blind", "--w", "1", "--contact", address, "--timeout", "5s");
                return put.Errors.Contains("dynamo.limits.record-bytes", StringComparison.Ordinal) ? put.Errors : null;
            });
        }
        finally
        {
            host.Kill();
            await host.WaitForExitAsync();
        }
    }

    private async Task<Outcome> DoneAsync(params string[] arguments)
    {
        var outcome = await _dynamo.RunAsync(arguments);
        Assert.True(outcome.Status == 0, $"{string.Join(' ', arguments)}: {outcome.Errors}");
        return outcome;
    }

    private static async Task EventuallyAsync(Func<Task<string?>> succeed)
    {
        var began = Stopwatch.GetTimestamp();
        while (await succeed() is null) Assert.True(Stopwatch.GetElapsedTime(began) < Limit, "it did not succeed in time");
    }
}
