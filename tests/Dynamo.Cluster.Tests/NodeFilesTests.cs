namespace Dynamo.Cluster.Tests;

/// <summary>The configuration files of a cluster from `dynamo up`: what its user writes stays, and --set reaches every node, now and later.</summary>
[Collection(Crowd.Nodes)]
public sealed class NodeFilesTests : IDisposable
{
    private readonly Cli _dynamo = new();

    public void Dispose() => _dynamo.Dispose();

    [Fact]
    public async Task Edits_to_a_nodes_file_and_settings_of_set_survive_later_starts()
    {
        await UpAsync("--nodes", "2", "--set", "dynamo.limits.value-bytes=8B", "--set", "akka.loglevel=WARNING", "--set", "dynamo.limits.key-bytes=3B");
        AssertRefused(await _dynamo.RunAsync("put", "key", "more than 8"), 2, "dynamo.limits.value-bytes");
        await DoneAsync("down");

        // The user's file overrides --set and what is generated.
        foreach (var node in (string[])["n1", "n2"])
        {
            var edited = await File.ReadAllTextAsync(At($"{node}.conf")) + "# mine\ndynamo.limits.key-bytes = 5B\n";
            await File.WriteAllTextAsync(At($"{node}.conf"), edited);
        }
        var mine = await File.ReadAllTextAsync(At("n1.conf"));
        for (var start = 0; start < 2; start++)
        {
            await UpAsync();
            Assert.Equal(mine, await File.ReadAllTextAsync(At("n1.conf")));
            await DoneAsync("put", "5 key", "8 bytes.");
            AssertRefused(await _dynamo.RunAsync("put", "6 keys", "x"), 2, "dynamo.limits.key-bytes");
            AssertRefused(await _dynamo.RunAsync("put", "5 key", "more than 8"), 2, "dynamo.limits.value-bytes");
            AssertRefused(await _dynamo.RunAsync("up", "--detach", "--add", "1", "--set", "dynamo.limits.value-bytes=1KiB"), 2, "dynamo down");
            await DoneAsync("down");
        }

        await UpAsync("--unset", "dynamo.limits.value-bytes", "--port", Cli.FreePorts(2).ToString());
        await DoneAsync("put", "5 key", "more than 8");
    }

    [Fact]
    public async Task A_file_of_a_former_version_stays_and_reads_the_generated_one_too()
    {
        await UpAsync("--nodes", "1", "--set", "dynamo.limits.key-bytes=3B");
        await DoneAsync("down");
        const string Former = "# Written by 'dynamo up'. For all settings see hocon/reference.conf.\ndynamo {\n  node.name = \"n1\"\n}\n";
        await File.WriteAllTextAsync(At("n1.conf"), Former);
        await UpAsync();
        Assert.Equal($"include \"n1.generated.conf\"\n{Former}", await File.ReadAllTextAsync(At("n1.conf")));
        AssertRefused(await _dynamo.RunAsync("put", "long key", "x"), 2, "dynamo.limits.key-bytes");
    }

    [Theory]
    [InlineData("\ndynamo.limits.value-bites = 8B\n", "n1.conf: dynamo.limits.value-bites is not a setting: did you mean 'value-bytes'?")]
    [InlineData("\n\ndynamo { limits {\n", "n1.conf:7:17: the '{' that is opened here is never closed")]
    [InlineData("\nakka.remote.dot-netty.tcp.port = 1\n", "--port chooses ports")]
    [InlineData("\ndynamo.node.name = n7\n", "n1.conf makes it 'node n7 of cluster ")]
    public async Task A_mistake_in_a_nodes_file_is_named_before_anything_starts(string edit, string said)
    {
        await UpAsync("--nodes", "1");
        await DoneAsync("down");
        var edited = await File.ReadAllTextAsync(At("n1.conf")) + edit;
        await File.WriteAllTextAsync(At("n1.conf"), edited);
        AssertRefused(await _dynamo.RunAsync("up", "--detach"), 2, said);
        Assert.Equal(edited, await File.ReadAllTextAsync(At("n1.conf")));
        Assert.Empty(_dynamo.Processes());
    }

    [Theory]
    [InlineData("value-bytes", "--set value-bytes: KEY=VALUE is wanted")]
    [InlineData("limits.value-bytes=8B", "--set limits.value-bytes: a setting's key begins with dynamo. or akka.")]
    [InlineData("dynamo.limits.value-bites=8B", "--set: dynamo.limits.value-bites is not a setting: did you mean 'value-bytes'?")]
    [InlineData("dynamo.limits.value-bytes=80GiB", "--set: dynamo.limits.value-bytes = '80GiB': a size from 0 to 8388608 bytes is wanted")]
    [InlineData("dynamo.limits.value-bytes=", "--set: dynamo.limits.value-bytes = ''")]
    [InlineData("dynamo.limits={ value-bytes = 1 }", "--set dynamo.limits: one value is wanted, not a section")]
    [InlineData("dynamo.limits=8B", "--set: dynamo.limits is a section")]
    [InlineData("dynamo.limits.key-bytes=[", "--set")]
    [InlineData("dynamo.limits.key-bytes=1B\ndynamo.node.name = n9", "the value is not one line of text")]
    [InlineData("dynamo.node.name=n9", "--set dynamo.node.name: each node has its own")]
    [InlineData("akka.remote.dot-netty.tcp.port=1", "--port sets the first")]
    [InlineData("dynamo.storage.engine=memory", "--engine sets it")]
    [InlineData("akka.loglevl=DEBUG", "--set akka.loglevl: neither Akka.NET nor the product has such a setting")]
    public async Task A_bad_setting_is_one_line_and_nothing_is_started_or_written(string setting, string said)
    {
        AssertRefused(await _dynamo.RunAsync("up", "--detach", "--set", setting), 2, said);
        Assert.Empty(Directory.GetFileSystemEntries(_dynamo.Folder));
    }

    [Fact]
    public async Task A_setting_to_take_back_must_be_there()
    {
        AssertRefused(await _dynamo.RunAsync("up", "--detach", "--unset", "dynamo.limits.key-bytes"), 2, "has no such setting");
        Assert.Empty(Directory.GetFileSystemEntries(_dynamo.Folder));
    }

    private static void AssertRefused(Outcome outcome, int status, string said)
    {
        Assert.Equal((status, 1), (outcome.Status, outcome.Errors.Trim().Split('\n').Length));
        Assert.Contains(said, outcome.Errors);
    }

    private string At(string name) => Path.Combine(_dynamo.Folder, ".dynamo", name);

    private Task UpAsync(params string[] options) =>
        DoneAsync(["up", "--detach", .. options, .. options is ["--nodes", var nodes, ..] ? ["--port", Cli.FreePorts(int.Parse(nodes)).ToString()] : Array.Empty<string>()]);

    private async Task DoneAsync(params string[] arguments)
    {
        var outcome = await _dynamo.RunAsync(arguments);
        Assert.True(outcome.Status == 0, $"dynamo {string.Join(' ', arguments)}: {outcome.Status}, {outcome.Errors}");
    }
}
