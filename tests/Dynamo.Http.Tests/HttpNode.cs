using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Dynamo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Dynamo.Http.Tests;

/// <summary>An answer: status, headers, and the body as text and, if it is JSON, as JSON.</summary>
public sealed record Answered(int Status, HttpResponseMessage Message, byte[] Bytes)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public JsonElement Json => JsonDocument.Parse(Bytes).RootElement;

    public string Type => Message.Content.Headers.ContentType?.MediaType ?? "";

    public string Context => Message.Headers.GetValues("X-Dynamo-Context").Single();
}

/// <summary>A node with one replica of each key, in memory, that serves HTTP on a port that the system chose.</summary>
public sealed class HttpNode : IAsyncLifetime
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(60) };
    private readonly IHost _host;

    public HttpNode()
        : this("")
    {
    }

    internal HttpNode(string hocon)
    {
        var config = NodeConfig.Parse($$"""
            dynamo { node.name = n1, storage.engine = memory, bucket.n = 1, bucket.r = 1, bucket.w = 1, limits.value-bytes = 64KiB, request.timeout = 30s }
            akka { loglevel = OFF, stdout-loglevel = OFF, remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 } }
            {{hocon}}
            """);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddDynamoNode(config).AddDynamoHttp(config.Settings);
        _host = builder.Build();
    }

    public string Address => _host.Services.GetRequiredService<RunningHttp>().Address!;

    internal Task StartAsync() => _host.StartAsync();

    public async Task InitializeAsync()
    {
        await StartAsync();
        // A node founds its ring a moment after its start.
        for (var limit = DateTime.UtcNow + TimeSpan.FromSeconds(30); (await GetAsync("/health/ready")).Status != 200;) Assert.True(DateTime.UtcNow < limit, "the node is not ready");
    }

    public async Task DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        _http.Dispose();
    }

    public Task<Answered> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync("GET", path, null, headers);

    public Task<Answered> PutAsync(string path, string body, params (string Name, string Value)[] headers) => SendAsync("PUT", path, new StringContent(body), headers);

    public Task<Answered> PostAsync(string path, string? json = null) =>
        SendAsync("POST", path, json is null ? null : new StringContent(json, new MediaTypeHeaderValue("application/json")));

    public async Task<Answered> SendAsync(string method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        // The path goes out as it is written here.
        var address = new Uri(Address + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(new HttpMethod(method), address) { Content = content };
        foreach (var (name, value) in headers) Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        var answer = await _http.SendAsync(request);
        return new Answered((int)answer.StatusCode, answer, await answer.Content.ReadAsByteArrayAsync());
    }

    /// <summary>The problem of an answer: it has the status, and its detail names what is wrong.</summary>
    public static void AssertProblem(Answered answer, int status, string said)
    {
        Assert.True(status == answer.Status, $"{answer.Status}: {answer.Text}");
        Assert.Equal("application/problem+json", answer.Type);
        Assert.Equal(status, answer.Json.GetProperty("status").GetInt32());
        Assert.Contains(said, answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
