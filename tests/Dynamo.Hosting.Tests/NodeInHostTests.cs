using System.Net;
using System.Net.Sockets;
using System.Text;
using Akka.Actor;
using Akka.Hosting;
using Dynamo.Client;
using Dynamo.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dynamo.Hosting.Tests;

public sealed class NodeInHostTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_node_and_a_client_run_in_a_program_and_release_port_and_store()
    {
        var config = NodeConfig.Parse(Hocon(FreePort()));
        foreach (var round in new[] { 0, 1 })
        {
            using var host = Build(services => services.AddDynamoNode(config).AddDynamoClient(Client(config)));
            await host.StartAsync();
            var dynamo = host.Services.GetRequiredService<DynamoClient>();
            var seen = await dynamo.GetAsync("cart");
            Assert.Equal(Enumerable.Range(0, round).Select(i => $"{i}"), seen.Values.Select(v => Encoding.UTF8.GetString(v.Span)));
            await dynamo.PutAsync("cart", Encoding.UTF8.GetBytes($"{round}"), seen.Context);
            var running = host.Services.GetRequiredService<RunningNode>();
            Assert.Equal(config.Contact, running.Address.ToString());
            Assert.Equal("sqlite", running.Engine);
            Assert.Null(running.Gone);
            await host.StopAsync();
        }
    }

    [Fact]
    public async Task The_root_actor_is_in_the_registry()
    {
        using var host = Build(services => services.AddDynamoNode(NodeConfig.Parse(Hocon(0))));
        await host.StartAsync();
        var node = await host.Services.GetRequiredService<IRequiredActor<DynamoNodeKey>>().GetAsync();
        Assert.Equal(node, host.Services.GetRequiredService<ActorRegistry>().Get<DynamoNodeKey>());
        Assert.Equal("akka://dynamo/user/dynamo", node.Path.ToString());
        await host.StopAsync();
    }

    [Fact]
    public async Task A_client_that_is_created_before_its_node_waits_for_it()
    {
        var config = NodeConfig.Parse(Hocon(FreePort()));
        using var host = Build(services => services.AddDynamoNode(config).AddDynamoClient(Client(config)));
        var early = host.Services.GetRequiredService<DynamoClient>().GetAsync("cart");
        await host.StartAsync();
        Assert.False((await early).IsFound);
        await host.StopAsync();
    }

    [Fact]
    public async Task A_host_that_is_disposed_without_a_stop_releases_the_store_too()
    {
        var config = NodeConfig.Parse(Hocon(0));
        foreach (var _ in new[] { 0, 1 })
        {
            using var host = Build(services => services.AddDynamoNode(config));
            await host.StartAsync();
        }
    }

    [Fact]
    public async Task A_port_in_use_fails_the_start_in_one_line()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        Assert.Equal($"node n1 could not start: port {port} of 127.0.0.1 is in use (akka.remote.dot-netty.tcp.port)", await FailureAsync(Hocon(port)));
        taken.Stop();
        using var host = Build(services => services.AddDynamoNode(NodeConfig.Parse(Hocon(port))));
        await host.StartAsync();
        await host.StopAsync();
    }

    [Fact]
    public async Task A_damaged_store_fails_the_start_and_stays_as_it_is()
    {
        var store = _folder.Write("data/store.db", new string('x', 8192));
        var said = await FailureAsync(Hocon(0));
        Assert.Contains(store, said, StringComparison.Ordinal);
        Assert.Contains("is damaged", said, StringComparison.Ordinal);
        Assert.Equal(new string('x', 8192), await File.ReadAllTextAsync(store));
    }

    [Fact]
    public async Task An_actor_system_that_ends_by_itself_ends_the_program()
    {
        using var host = Build(services => services.AddDynamoNode(NodeConfig.Parse(Hocon(0))));
        await host.StartAsync();
        var gone = new Actors.Node.NodeGone("n1 was removed", isExpelled: true);
        _ = CoordinatedShutdown.Get(host.Services.GetRequiredService<ActorSystem>()).Run(gone);
        await host.WaitForShutdownAsync().WaitAsync(Limit);
        Assert.Same(gone, host.Services.GetRequiredService<RunningNode>().Gone);
    }

    [Fact]
    public async Task A_node_that_cannot_go_on_ends_the_program()
    {
        var lines = new Lines();
        using var host = Build(services => services.AddDynamoNode(NodeConfig.Parse(Hocon(0))).AddSingleton<ILoggerProvider>(lines));
        await host.StartAsync();
        var system = host.Services.GetRequiredService<ActorSystem>();
        // A node that answers has started its actors.
        await system.AskFromOutside<NodeStatus>(host.Services.GetRequiredService<ActorRegistry>().Get<DynamoNodeKey>(), StatusRequest.Instance, Limit);
        var reaper = await system.ActorSelection("/user/dynamo/reaper-n1").ResolveOne(Limit);
        reaper.Tell(Kill.Instance);
        await host.WaitForShutdownAsync().WaitAsync(Limit);
        var running = host.Services.GetRequiredService<RunningNode>();
        Assert.Null(running.Gone);
        const string words = "node n1 ended: its actor reaper-n1 cannot go on: ActorKilledException: Kill";
        Assert.Equal(words, running.Failed?.Words);
        Assert.Contains($"Dynamo.Hosting.NodeService Critical {words}", lines.All);
    }

    [Fact]
    public async Task Akkas_log_goes_to_the_programs_logging()
    {
        var lines = new Lines();
        using var host = Build(services => services.AddDynamoNode(NodeConfig.Parse(Hocon(0) + "\nakka.loglevel = DEBUG")).AddSingleton<ILoggerProvider>(lines));
        await host.StartAsync();
        await host.StopAsync();
        Assert.Contains(lines.All, l => l.StartsWith("Dynamo.Hosting.NodeService Information node n1 of cluster dynamo is up at 127.0.0.1:", StringComparison.Ordinal));
        Assert.Contains(lines.All, l => l.StartsWith("Akka.", StringComparison.Ordinal));
    }

    private static DynamoClientOptions Client(NodeConfig config) =>
        new() { Contacts = [Core.Membership.NodeAddress.Parse(config.Contact)], Timeout = Limit };

    private static async Task<string> FailureAsync(string hocon)
    {
        using var host = Build(services => services.AddDynamoNode(NodeConfig.Parse(hocon)));
        return (await Assert.ThrowsAsync<NodeStartException>(() => host.StartAsync())).Message;
    }

    private static IHost Build(Action<IServiceCollection> add)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Trace);
        add(builder.Services);
        return builder.Build();
    }

    private static int FreePort()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }

    private string Hocon(int port) => $$"""
        dynamo.bucket { n = 1, r = 1, w = 1 }
        dynamo { node.name = n1, storage.data-dir = "{{_folder.At("data").Replace('\\', '/')}}" }
        akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = {{port}} }
        """;

    private sealed class Lines : ILoggerProvider, ILogger
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _lines = new();
        private readonly string _category;

        public Lines() => _category = "";

        private Lines(string category, System.Collections.Concurrent.ConcurrentQueue<string> lines) => (_category, _lines) = (category, lines);

        public IReadOnlyCollection<string> All => _lines;

        public ILogger CreateLogger(string categoryName) => new Lines(categoryName, _lines);

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue($"{_category} {logLevel} {formatter(state, exception)}");

        public void Dispose()
        {
        }
    }
}
