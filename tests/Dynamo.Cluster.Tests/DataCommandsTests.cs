using System.Text.Json;

namespace Dynamo.Cluster.Tests;

/// <summary>One cluster for all tests of commands that need no fault.</summary>
public sealed class ThreeNodes : IAsyncLifetime
{
    public Cli Cli { get; } = new();

    public async Task InitializeAsync()
    {
        var up = await Cli.RunAsync("up", "--nodes", "3", "--engine", "memory", "--detach", "--port", Cli.FreePorts(3).ToString());
        Assert.True(up.Status == 0, up.Errors);
    }

    public Task DisposeAsync()
    {
        Cli.Dispose();
        return Task.CompletedTask;
    }
}

/// <summary>Data types, conditional puts, expiry and listing at the command line.</summary>
[Collection(Crowd.Nodes)]
public sealed class DataCommandsTests(ThreeNodes nodes) : IClassFixture<ThreeNodes>
{
    [Fact]
    public async Task Data_types_are_updated_and_shown()
    {
        Assert.Equal("5\n", await UpdatedAsync("counter", "incr", "likes", "5"));
        Assert.Equal("4\n", await UpdatedAsync("counter", "decr", "likes"));
        Assert.Equal("4\n", await DoneAsync("counter", "get", "likes"));
        Assert.Equal("4\n", await DoneAsync("get", "likes"));

        await UpdatedAsync("set", "add", "tags", "red", "blue");
        await UpdatedAsync("set", "remove", "tags", "red");
        await UpdatedAsync("set", "add", "tags", "green");
        Assert.Equal("blue\ngreen\n", await DoneAsync("set", "get", "tags"));

        await UpdatedAsync("register", "set", "title", "Home");
        Assert.Equal("Home\n", await DoneAsync("register", "get", "title"));
        await UpdatedAsync("flag", "on", "open");
        Assert.Equal("on\n", await DoneAsync("flag", "get", "open"));
        await UpdatedAsync("flag", "off", "open");
        Assert.Equal("off\n", await DoneAsync("flag", "get", "open"));

        await UpdatedAsync("map", "update", "cart", "--add", "items=apple", "--add", "items=pear", "--incr", "visits=2", "--assign", "owner=Ada", "--on", "paid");
        await UpdatedAsync("map", "update", "cart", "--drop", "items=pear", "--remove", "register:owner");
        Assert.Equal("items (set): apple\npaid (flag): on\nvisits (counter): 2\n", await DoneAsync("map", "get", "cart"));
        using var json = JsonDocument.Parse(await DoneAsync("map", "get", "cart", "--json"));
        Assert.Equal("map", json.RootElement.GetProperty("data")[0].GetProperty("type").GetString());
    }

    [Fact]
    public async Task Conditions_are_checked_and_the_answer_says_how()
    {
        var stored = await DoneAsync("put", "lock", "a", "--if-absent");
        Assert.Matches("^stored: .*\ncondition: checked by n[1-3] against [23] replicas; it is the key's first replica that is up, so others like it were excluded\n$", stored);
        await RefusedAsync(4, "dynamo: nothing was written: the key has a value\n", "put", "lock", "b", "--if-absent");
        using var got = JsonDocument.Parse(await DoneAsync("get", "lock", "--json"));
        var context = got.RootElement.GetProperty("context").GetString()!;
        await DoneAsync("put", "lock", "c", "--if-unchanged", "--context", context);
        await RefusedAsync(4, "dynamo: nothing was written: the key has a write that the context has not seen\n", "put", "lock", "d", "--if-unchanged", "--context", context);
        await RefusedAsync(4, "dynamo: nothing was written: the key has a write that the context has not seen\n", "delete", "lock", "--if-unchanged", "--context", context);
        Assert.Equal("c\n", await DoneAsync("get", "lock"));
    }

    [Fact]
    public async Task A_value_expires()
    {
        await DoneAsync("put", "brief", "v", "--ttl", "1s");
        await Waiting.UntilAsync(async () => (await nodes.Cli.RunAsync("get", "brief")).Status != 0, TimeSpan.FromMinutes(1));
        await DoneAsync("admin", "bucket", "sessions", "--ttl", "90s");
        Assert.Contains("values expire after 90 s", await DoneAsync("admin", "bucket", "sessions"));
    }

    [Fact]
    public async Task Keys_are_listed_by_bucket_and_prefix_and_in_pages()
    {
        foreach (var key in new[] { "user-1", "user-2", "item-1" }) await DoneAsync("put", key, "v", "--bucket", "shop");
        Assert.Equal(["item-1", "user-1", "user-2"], Lines(await DoneAsync("list", "--bucket", "shop")));
        Assert.Equal(["user-1", "user-2"], Lines(await DoneAsync("list", "--bucket", "shop", "--prefix", "user-")));
        Assert.Contains("shop", Lines(await DoneAsync("list", "--buckets")));

        var first = await nodes.Cli.RunAsync("list", "--bucket", "shop", "--limit", "1");
        var token = first.Errors.Trim().Split(' ')[^1];
        var rest = Lines(await DoneAsync("list", "--bucket", "shop", "--after", token));
        Assert.Equal(["item-1", "user-1", "user-2"], Lines(first.Output).Concat(rest).Order());
    }

    [Fact]
    public async Task A_shell_runs_the_lines_of_a_pipe_and_goes_on_after_a_mistake()
    {
        string[] lines =
        [
            "# a conflict, resolved by its number", "put piped one", "put piped two --blind", "frob", "get piped", "resolve piped 2", "get piped",
            """set add words "two words" other""", "", "get nothing",
        ];
        var ran = await nodes.Cli.RunOnAsync(lines, "shell");
        Assert.Matches("^stored: .*\nstored: .*\n2 siblings, written concurrently; a put resolves them:\n(one\ntwo|two\none)\nresolved: .*\n(one|two)\nupdated: .*\n$", ran.Output);
        Assert.Contains("'frob' is not a command", ran.Errors);
        Assert.EndsWith("dynamo: not found: nothing\n", ran.Errors);
        Assert.Equal(1, ran.Status);
        var ended = await nodes.Cli.RunOnAsync(["counter incr shared 2", "exit", "counter incr shared"], "shell", "--json", "--bucket", "shell");
        Assert.Equal(0, ended.Status);
        Assert.Single(Lines(ended.Output));
        Assert.Equal("2\n", await DoneAsync("counter", "get", "shared", "--bucket", "shell"));
    }

    [Theory]
    [InlineData("--ttl 5 is not a time from 1s to 36500d", "put", "k", "v", "--ttl", "5")]
    [InlineData("--ttl 10ms is not a time", "put", "k", "v", "--ttl", "10ms")]
    [InlineData("--if-absent excludes", "put", "k", "v", "--if-absent", "--blind")]
    [InlineData("--blind and --if-unchanged exclude each other", "put", "k", "v", "--if-unchanged", "--blind")]
    [InlineData("the map's update is empty", "map", "update", "k")]
    [InlineData("--incr a=b: b is not a whole number", "map", "update", "k", "--incr", "a=b")]
    [InlineData("--add nothing is not FIELD=VALUE", "map", "update", "k", "--add", "nothing")]
    [InlineData("--remove owner is not TYPE:FIELD", "map", "update", "k", "--remove", "owner")]
    [InlineData("the field a is updated twice as a register", "map", "update", "k", "--assign", "a=1", "--assign", "a=2")]
    [InlineData("is not the token of a listing", "list", "--after", "x")]
    [InlineData("--limit 0 is less than 1", "list", "--limit", "0")]
    [InlineData("--buckets excludes", "list", "--buckets", "--prefix", "a")]
    [InlineData("'x'", "counter", "incr", "k", "x")]
    public async Task Wrong_use_is_answered_with_one_line_that_names_it(string said, params string[] arguments)
    {
        var outcome = await nodes.Cli.RunAsync(arguments);
        Assert.Equal(2, outcome.Status);
        Assert.Contains(said, outcome.Errors);
        Assert.Single(Lines(outcome.Errors));
    }

    [Fact]
    public async Task An_update_that_does_not_fit_says_what_the_key_holds()
    {
        await DoneAsync("put", "plain", "v");
        await RefusedAsync(3, "dynamo: the key holds a plain value, not only a counter: delete it first\n", "counter", "incr", "plain");
        await RefusedAsync(3, "dynamo: the key plain does not hold a counter alone: see 'dynamo get'\n", "counter", "get", "plain");
        await RefusedAsync(1, "dynamo: not found: nothing\n", "set", "get", "nothing");
    }

    // The next update may have another coordinator, and it counts what that one holds.
    private Task<string> UpdatedAsync(params string[] arguments) => DoneAsync([.. arguments, "--w", "3"]);

    private async Task<string> DoneAsync(params string[] arguments)
    {
        var outcome = await nodes.Cli.RunAsync(arguments);
        Assert.True(outcome.Status == 0, outcome.Errors);
        return outcome.Output;
    }

    private async Task RefusedAsync(int status, string said, params string[] arguments)
    {
        var outcome = await nodes.Cli.RunAsync(arguments);
        Assert.Equal((status, said), (outcome.Status, outcome.Errors));
    }

    private static string[] Lines(string output) => [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];
}
