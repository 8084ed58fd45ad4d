using Dynamo.Hosting;
using Dynamo.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Dynamo.Host;

/// <summary>Runs a node as a process: loads its configuration, then runs a host until a signal ends it.</summary>
internal static class NodeProcess
{
    private static readonly TimeSpan TimeToEnd = TimeSpan.FromSeconds(30);

    /// <summary>Checks a configuration, prints the node that it makes, and starts nothing.</summary>
    /// <returns>An <see cref="ExitCodes"/>.</returns>
    public static async Task<int> CheckAsync(FileInfo file)
    {
        if (await LoadAsync(file) is not { } config) return ExitCodes.BadConfiguration;
        await Console.Out.WriteLineAsync($"node {config.Settings.Node.Id} of cluster {config.Settings.Cluster.Name} at {config.Contact}");
        return ExitCodes.Stopped;
    }

    /// <param name="isDetached">True: ignore the terminal's signals (Ctrl-C, hang-up); only SIGTERM ends the process.</param>
    /// <returns>An <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(FileInfo file, bool isDetached)
    {
        if (await LoadAsync(file) is not { } config) return ExitCodes.BadConfiguration;
        using var host = Build(config, isDetached);
        try
        {
            await host.StartAsync();
        }
        catch (Exception e) when (e is NodeStartException or HttpStartException)
        {
            await Console.Error.WriteLineAsync($"dynamo-host: {e.Message}");
            return ExitCodes.CouldNotStart;
        }
        catch (OperationCanceledException)
        {
            // Stopped before the node was up.
            await host.StopAsync();
            return await EndAsync(host);
        }
        var running = host.Services.GetRequiredService<RunningNode>();
        var http = host.Services.GetRequiredService<RunningHttp>().Address is { } address ? $", {address}" : "";
        await Console.Out.WriteLineAsync($"node {config.Settings.Node.Id} of cluster {config.Settings.Cluster.Name} is up at {running.Address}, engine {running.Engine}{http}");
        await host.WaitForShutdownAsync();
        return await EndAsync(host);
    }

    /// <returns>Null: the configuration is invalid, and the reason is printed.</returns>
    private static async Task<NodeConfig?> LoadAsync(FileInfo file)
    {
        try
        {
            return file.ToString() == "-" ? NodeConfig.Parse(await Console.In.ReadToEndAsync(), "standard input") : NodeConfig.Load(file.ToString());
        }
        catch (BadConfigException e)
        {
            await Console.Error.WriteLineAsync($"dynamo-host: {e.Message}");
            return null;
        }
    }

    private static IHost Build(NodeConfig config, bool isDetached)
    {
        // The node's own file is the only configuration: no appsettings.json, no environment.
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        LineLog.Add(builder.Logging);
        builder.Services
            .Configure<HostOptions>(options => options.ShutdownTimeout = config.Settings.Request.Timeout + TimeToEnd)
            .AddSingleton<IHostLifetime>(services => new SignalLifetime(services.GetRequiredService<IHostApplicationLifetime>(), isDetached))
            .AddDynamoNode(config)
            .AddDynamoHttp(config.Settings);
        return builder.Build();
    }

    private static async Task<int> EndAsync(IHost host)
    {
        var running = host.Services.GetRequiredService<RunningNode>();
        if (running.Failed is { } failed)
        {
            await Console.Error.WriteLineAsync($"dynamo-host: {failed.Words}");
            return ExitCodes.Failed;
        }
        if (running.Gone is { IsExpelled: true } expelled)
        {
            await Console.Error.WriteLineAsync($"dynamo-host: {expelled.Words}");
            return ExitCodes.Expelled;
        }
        await Console.Out.WriteLineAsync(running.Gone?.Words ?? $"node {running.Config.Settings.Node.Id} has stopped");
        return ExitCodes.Stopped;
    }
}
