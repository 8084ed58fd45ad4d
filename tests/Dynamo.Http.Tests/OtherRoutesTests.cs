using System.Text.Json;

namespace Dynamo.Http.Tests;

public sealed class OtherRoutesTests(HttpNode node) : IClassFixture<HttpNode>
{
    [Theory]
    [InlineData("counters", """{"by":5}""", "5")]
    [InlineData("counters", null, "1")]
    [InlineData("sets", """{"add":["red",{"base64":"/w=="}],"remove":["blue"]}""", """["red",{"base64":"/w=="}]""")]
    [InlineData("registers", """{"value":"Home"}""", "\"Home\"")]
    [InlineData("flags", """{"on":true}""", "true")]
    [InlineData("maps", """{"update":{"visits":{"by":2},"paid":{"on":true}},"remove":[{"field":"old","type":"set"}]}""", """[{"field":"paid","type":"flag","value":true},{"field":"visits","type":"counter","value":2}]""")]
    public async Task A_data_type_is_updated_and_read(string type, string? body, string value)
    {
        var path = $"/buckets/types/{type}/{Guid.NewGuid():n}";
        HttpNode.AssertProblem(await node.GetAsync(path), 404, "has no value");
        var put = await node.PostAsync(path, body);
        Assert.True(put.Status == 200, put.Text);
        var got = await node.GetAsync(path);
        Assert.Equal((type.TrimEnd('s'), value), (got.Json.GetProperty("type").GetString(), got.Json.GetProperty("value").GetRawText()));
        var other = path.Replace(type, type == "flags" ? "sets" : "flags", StringComparison.Ordinal);
        HttpNode.AssertProblem(await node.GetAsync(other), 409, $"holds a {type.TrimEnd('s')}");
        Assert.Equal(409, (await node.PostAsync(other, type == "flags" ? """{"add":["x"]}""" : """{"on":true}""")).Status);
        Assert.Equal(type.TrimEnd('s'), (await node.GetAsync(path.Replace(type, "keys", StringComparison.Ordinal))).Json.GetProperty("data")[0].GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("counters", """{"by":"x"}""", "by:")]
    [InlineData("counters", """{"bye":1}""", "bye:")]
    [InlineData("sets", "{}", "add: is missing")]
    [InlineData("sets", """{"add":[1]}""", "add[0]:")]
    [InlineData("registers", "", "the body is empty")]
    [InlineData("flags", "{", "is not JSON")]
    [InlineData("maps", """{"update":{"x":{"by":1,"on":true}}}""", "update.x:")]
    public async Task A_wrong_body_is_named(string type, string body, string said) =>
        HttpNode.AssertProblem(await node.PostAsync($"/buckets/types/{type}/wrong", body), 400, said);

    [Fact]
    public async Task A_body_of_another_type_is_refused() => HttpNode.AssertProblem(
        await node.SendAsync("POST", "/buckets/types/flags/x", new StringContent("""{"on":true}""")), 415, "Content-Type");

    [Fact]
    public async Task Keys_are_listed_in_pages_and_as_lines()
    {
        for (var i = 0; i < 7; i++) await node.PutAsync($"/buckets/listed/keys/user-{i}", "v");
        await node.PutAsync("/buckets/listed/keys/%FF", "v");
        var (listed, after) = (new List<string>(), "");
        do
        {
            var page = (await node.GetAsync($"/buckets/listed/keys?prefix=user-&limit=2{(after.Length > 0 ? $"&after={after}" : "")}")).Json;
            listed.AddRange(page.GetProperty("keys").EnumerateArray().Select(k => k.GetString()!));
            after = page.TryGetProperty("next", out var next) ? next.GetString()! : "";
        }
        while (after.Length > 0);
        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"user-{i}"), listed.Order());
        var lines = await node.GetAsync("/buckets/listed/keys", ("Accept", "application/x-ndjson"));
        Assert.Equal(8, lines.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l)).Count());
        Assert.Contains("""{"key":{"base64":"/w=="}}""", lines.Text, StringComparison.Ordinal);
        Assert.Contains("listed", (await node.GetAsync("/buckets")).Json.GetProperty("buckets").EnumerateArray().Select(b => b.GetString()));
        Assert.Contains("""{"bucket":"listed"}""", (await node.GetAsync("/buckets", ("Accept", "application/x-ndjson"))).Text, StringComparison.Ordinal);
        HttpNode.AssertProblem(await node.GetAsync("/buckets/listed/keys?after=x"), 400, "");
        HttpNode.AssertProblem(await node.GetAsync("/buckets/listed/keys?limit=0"), 400, "from 1 to 1000");
    }

    [Fact]
    public async Task The_administrator_sees_the_cluster()
    {
        var status = (await node.GetAsync("/admin/status")).Json;
        Assert.Equal("n1", status.GetProperty("nodes")[0].GetProperty("node").GetString());
        Assert.True(status.GetProperty("nodes")[0].GetProperty("answers").GetBoolean());
        Assert.Equal(256, (await node.GetAsync("/admin/ring")).Json.GetProperty("table").GetArrayLength());
        Assert.True((await node.GetAsync("/admin/transfers")).Json.GetProperty("settled").GetBoolean());
        Assert.Equal(0, (await node.GetAsync("/admin/hints")).Json.GetProperty("hints").GetInt64());
        Assert.Equal("n1", (await node.GetAsync("/admin/explain/b/%FF")).Json.GetProperty("replicas")[0].GetProperty("node").GetString());
    }

    [Fact]
    public async Task Orders_that_cannot_be_carried_out_say_why()
    {
        HttpNode.AssertProblem(await node.PostAsync("/admin/plan"), 409, "staged");
        HttpNode.AssertProblem(await node.PostAsync("/admin/commit"), 409, "staged");
        HttpNode.AssertProblem(await node.PostAsync("/admin/leave", """{"node":"n9"}"""), 404, "there are n1");
        HttpNode.AssertProblem(await node.PostAsync("/admin/join", """{"address":"x"}"""), 400, "host:port");
        Assert.Equal(0, (await node.PostAsync("/admin/clear")).Json.GetProperty("staged").GetArrayLength());
    }

    [Fact]
    public async Task A_drained_node_is_live_but_not_ready()
    {
        Assert.True((await node.PostAsync("/admin/drain")).Json.GetProperty("draining").GetBoolean());
        HttpNode.AssertProblem(await node.GetAsync("/health/ready"), 503, "is drained");
        Assert.Equal(200, (await node.GetAsync("/health/live")).Status);
        Assert.False((await node.PostAsync("/admin/drain", """{"on":false}""")).Json.GetProperty("draining").GetBoolean());
        Assert.Equal(200, (await node.GetAsync("/health/ready")).Status);
    }

    [Fact]
    public async Task The_document_describes_each_route()
    {
        var paths = (await node.GetAsync("/openapi/v1.json")).Json.GetProperty("paths");
        var operations = paths.EnumerateObject().SelectMany(p => p.Value.EnumerateObject()).ToArray();
        Assert.Equal(28, operations.Length);
        Assert.All(operations, o => Assert.NotEqual("", o.Value.GetProperty("summary").GetString()));
        Assert.Contains(
            "dynamo.limits.value-bytes (65536", paths.GetProperty("/buckets/{bucket}/keys/{key}").GetProperty("put").GetProperty("requestBody").GetProperty("description").GetString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_fails_the_start_in_one_line()
    {
        var port = new Uri(node.Address).Port;
        var second = new HttpNode($"dynamo.http.port = {port}");
        var failed = await Assert.ThrowsAsync<HttpStartException>(second.StartAsync);
        Assert.Equal($"node n1 could not start: port {port} of 127.0.0.1 is in use (dynamo.http.port)", failed.Message);
        await second.DisposeAsync();
    }

    [Fact]
    public async Task Quorums_that_are_not_met_and_nodes_without_a_ring_are_503()
    {
        var alone = new HttpNode("""dynamo { bucket.n = 3, bucket.r = 2, bucket.w = 2, cluster.founders = [n1, n2, n3], cluster.seeds = ["127.0.0.1:1"], request.timeout = 3s }""");
        await alone.StartAsync();
        var failed = await alone.GetAsync("/buckets/b/keys/k");
        Assert.True(failed.Status is 503 or 504, failed.Text);
        await alone.DisposeAsync();
    }
}
