using System.Net.Http.Headers;

namespace Dynamo.Http.Tests;

public sealed class KeyTests(HttpNode node) : IClassFixture<HttpNode>
{
    [Fact]
    public async Task A_value_is_put_read_replaced_and_deleted()
    {
        const string path = "/buckets/shop/keys/cart";
        HttpNode.AssertProblem(await node.GetAsync(path), 404, "has no value");
        var put = await node.PutAsync(path, "apple");
        Assert.Equal(200, put.Status);
        Assert.Equal("n1", put.Json.GetProperty("took")[0].GetProperty("node").GetString());
        var got = await node.GetAsync(path);
        Assert.Equal((200, "apple", "application/octet-stream", $"\"{got.Context}\""), (got.Status, got.Text, got.Type, got.Message.Headers.ETag!.Tag));
        Assert.Equal("text/plain", (await node.GetAsync(path, ("Accept", "text/plain"))).Type);
        Assert.Equal("apple", (await node.GetAsync(path, ("Accept", "application/json"))).Json.GetProperty("values")[0].GetString());
        Assert.Equal(304, (await node.GetAsync(path, ("If-None-Match", $"\"{got.Context}\""))).Status);
        Assert.Equal(204, (await node.PutAsync(path, "pear", ("X-Dynamo-Context", got.Context), ("Prefer", "return=minimal"))).Status);
        Assert.Equal("pear", (await node.GetAsync(path)).Text);
        Assert.Equal(200, (await node.SendAsync("DELETE", path, null)).Status);
        var gone = await node.GetAsync(path);
        HttpNode.AssertProblem(gone, 404, "has no value");
        Assert.NotEqual("", gone.Context);
        HttpNode.AssertProblem(await node.SendAsync("DELETE", path, null), 404, "has no value");
    }

    [Fact]
    public async Task Siblings_are_json_or_parts()
    {
        const string path = "/buckets/shop/keys/siblings";
        await node.PutAsync(path, "one");
        await node.PutAsync(path, "two");
        var got = await node.GetAsync(path);
        Assert.Equal(300, got.Status);
        Assert.Equal(["one", "two"], got.Json.GetProperty("values").EnumerateArray().Select(v => v.GetString()).Order());
        var parts = await node.GetAsync(path, ("Accept", "multipart/mixed"));
        Assert.Equal((300, "multipart/mixed"), (parts.Status, parts.Type));
        Assert.Contains("\r\n\r\none\r\n--", parts.Text, StringComparison.Ordinal);
        Assert.EndsWith("--\r\n", parts.Text, StringComparison.Ordinal);
        await node.PutAsync(path, "both", ("X-Dynamo-Context", got.Context));
        Assert.Equal("both", (await node.GetAsync(path)).Text);
    }

    [Theory]
    [InlineData("%FF%01")]
    [InlineData("a%2Fb")]
    [InlineData("%2E%2E")]
    [InlineData(".")]
    [InlineData("%25zz")]
    public async Task A_key_is_any_bytes(string key)
    {
        Assert.Equal(200, (await node.PutAsync($"/buckets/bytes/keys/{key}", key)).Status);
        Assert.Equal(key, (await node.GetAsync($"/buckets/bytes/keys/{key}")).Text);
    }

    [Fact]
    public async Task A_zero_byte_in_a_key_is_refused_by_the_server() => Assert.Equal(400, (await node.GetAsync("/buckets/bytes/keys/%00")).Status);

    [Fact]
    public async Task Conditions_hold_or_are_refused_with_the_current_context()
    {
        const string path = "/buckets/shop/keys/lock";
        var first = await node.PutAsync(path, "a", ("If-None-Match", "*"));
        Assert.True(first.Json.GetProperty("condition").GetProperty("first").GetBoolean());
        var refused = await node.PutAsync(path, "b", ("If-None-Match", "*"));
        HttpNode.AssertProblem(refused, 412, "");
        Assert.Equal(200, (await node.PutAsync(path, "c", ("If-Match", $"\"{refused.Context}\""))).Status);
        HttpNode.AssertProblem(await node.PutAsync(path, "d", ("If-Match", $"\"{first.Context}\"")), 412, "");
        HttpNode.AssertProblem(await node.SendAsync("DELETE", path, null, ("If-Match", $"\"{first.Context}\"")), 412, "");
        Assert.Equal("c", (await node.GetAsync(path)).Text);
    }

    [Fact]
    public async Task A_value_over_the_limit_is_refused_while_it_is_read()
    {
        HttpNode.AssertProblem(await node.PutAsync("/buckets/shop/keys/large", new string('x', 65537)), 413, "65536 is the limit (dynamo.limits.value-bytes)");
        using var chunks = new StreamContent(new MemoryStream(new byte[70_000]));
        chunks.Headers.ContentLength = null;
        HttpNode.AssertProblem(await node.SendAsync("PUT", "/buckets/shop/keys/large", chunks, ("Transfer-Encoding", "chunked")), 413, "more than 65536");
        Assert.Equal(200, (await node.PutAsync("/buckets/shop/keys/large", new string('x', 65536))).Status);
    }

    [Theory]
    [InlineData("GET", "/buckets/b/keys/", 400, "the key is empty")]
    [InlineData("GET", "/buckets//keys/k", 400, "the name is empty")]
    [InlineData("GET", "/buckets/b/keys/%zz", 400, "percent-encoded")]
    [InlineData("GET", "/buckets/%FF/keys/k", 400, "UTF-8")]
    [InlineData("GET", "/buckets/b/keys/k?r=x", 400, "r: 'x' is not a whole number from 1 to 16")]
    [InlineData("GET", "/buckets/b/keys/k?r=2", 400, "")]
    [InlineData("GET", "/buckets/b/keys/k?q=1", 400, "there are r, pr, n, timeout")]
    [InlineData("GET", "/buckets/b/keys/k?timeout=soon", 400, "from 1ms to 60m")]
    [InlineData("PUT", "/buckets/b/keys/k?ttl=1ms", 400, "from 1s to 36500d")]
    [InlineData("PUT", "/buckets/b/keys/k?w=2", 400, "")]
    [InlineData("PATCH", "/buckets/b/keys/k", 405, "PATCH is not served here")]
    [InlineData("GET", "/nowhere", 404, "there is no such route")]
    [InlineData("GET", "/buckets/b/keys/a/b", 404, "%2F")]
    public async Task Wrong_requests_are_named(string method, string path, int status, string said) =>
        HttpNode.AssertProblem(await node.SendAsync(method, path, method == "PUT" ? new StringContent("v") : null), status, said);

    [Theory]
    [InlineData("X-Dynamo-Context", "no context")]
    [InlineData("X-Dynamo-Context", "Zm9yZ2VkIGNvbnRleHQ")]
    [InlineData("If-Match", "*")]
    [InlineData("If-None-Match", "\"x\"")]
    public async Task Wrong_contexts_are_named(string header, string value) =>
        HttpNode.AssertProblem(await node.PutAsync("/buckets/b/keys/k", "v", (header, value)), 400, "");

    [Theory]
    [InlineData("Origin", "http://elsewhere.example")]
    [InlineData("Host", "elsewhere.example")]
    public async Task Pages_of_other_sites_are_refused(string header, string value) =>
        HttpNode.AssertProblem(await node.SendAsync("POST", "/admin/clear", null, (header, value)), 403, header);
}
