using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Dynamo.Client;
using Dynamo.Core.Membership;

[assembly: CollectionBehavior(MaxParallelThreads = 2)] // See Crowd.

namespace Dynamo.Cluster.Tests;

/// <summary>The output of the built `dynamo`, and its exit status.</summary>
public sealed record Outcome(int Status, string Output, string Errors);

/// <summary>The built CLI in a folder of its own; every process that it started ends with the test.</summary>
public sealed class Cli : IDisposable
{
    // Only a command that hangs takes so long: transfers yield to requests, and a busy machine leaves them little.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly HashSet<int> Given = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("dynamo-cluster-test-").FullName;

    public string Folder => _folder;

    public Task<Outcome> RunAsync(params string[] arguments) => RunAsync(Start(arguments));

    /// <summary>Runs a command that reads lines from a pipe.</summary>
    public Task<Outcome> RunOnAsync(IEnumerable<string> lines, params string[] arguments)
    {
        var process = Start(arguments, readsInput: true);
        foreach (var line in lines) process.StandardInput.WriteLine(line);
        process.StandardInput.Close();
        return RunAsync(process);
    }

    /// <summary>In the processes that the command starts, a write beyond the limit of file sizes fails, and does not kill the process.</summary>
    public Task<Outcome> RunIgnoringFileLimitAsync(params string[] arguments) =>
        RunAsync(Start(["-c", "trap '' XFSZ; exec \"$0\" \"$@\"", Programs.Cli, .. arguments], "sh"));

    private static async Task<Outcome> RunAsync(Process started)
    {
        using var process = started;
        using var limit = new CancellationTokenSource(Limit);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        await process.WaitForExitAsync(limit.Token);
        return new Outcome(process.ExitCode, await output, await errors);
    }

    /// <summary>The first lines of a command that does not end by itself; it is killed then.</summary>
    public async Task<IReadOnlyList<string>> LinesAsync(int count, params string[] arguments)
    {
        using var process = Start(arguments);
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var lines = new List<string>();
            while (lines.Count < count && await process.StandardOutput.ReadLineAsync(limit.Token) is { } line) lines.Add(line);
            return lines;
        }
        finally
        {
            process.Kill();
        }
    }

    /// <summary>Reads a number of lines and closes the pipe, as `head` does; the command must end by itself.</summary>
    public async Task<int> HeadAsync(int lines, params string[] arguments)
    {
        using var process = Start(arguments);
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            for (var i = 0; i < lines; i++) Assert.NotNull(await process.StandardOutput.ReadLineAsync(limit.Token));
            process.StandardOutput.Close();
            await process.WaitForExitAsync(limit.Token);
            Assert.Equal("", await process.StandardError.ReadToEndAsync(limit.Token));
            return process.ExitCode;
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    /// <summary>The processes of the folder's cluster, by its own list.</summary>
    public IReadOnlyList<int> Processes()
    {
        var file = Path.Combine(_folder, ".dynamo", "cluster.json");
        if (!File.Exists(file)) return [];
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        return [.. json.RootElement.GetProperty("nodes").EnumerateArray().Select(n => n.GetProperty("processId").GetInt32()).Where(p => p > 0)];
    }

    /// <summary>The addresses of the folder's nodes.</summary>
    public async Task<IReadOnlyList<string>> AddressesAsync()
    {
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, ".dynamo", "cluster.json")));
        return [.. json.RootElement.GetProperty("nodes").EnumerateArray().Select(n => n.GetProperty("address").GetString()!)];
    }

    public static void Kill(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            found.Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It has already ended.
        }
    }

    /// <summary>TERM, STOP, CONT.</summary>
    public static void Signal(int process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process}"]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>A client with a long timeout that retries on another node: none of these tests is about time.</summary>
    public static Task<DynamoClient> ConnectAsync(params IEnumerable<string> contacts) =>
        DynamoClient.ConnectAsync(new DynamoClientOptions { Contacts = [.. contacts.Select(NodeAddress.Parse)], Timeout = Limit, ResendsPuts = true });

    /// <summary>The first of a number of consecutive ports that were free a moment ago. No port is given twice, since its node may not have begun to listen.</summary>
    public static int FreePorts(int count)
    {
        lock (Given)
        {
            while (true)
            {
                using var first = new TcpListener(IPAddress.Loopback, 0);
                first.Start();
                var port = ((IPEndPoint)first.LocalEndpoint).Port;
                var ports = Enumerable.Range(port, count).ToArray();
                if (ports[^1] > 65535 || ports.Any(Given.Contains) || !ports[1..].All(IsFree)) continue;
                Given.UnionWith(ports);
                return port;
            }
        }
    }

    public void Dispose()
    {
        foreach (var process in Processes()) Kill(process);
        Directory.Delete(_folder, recursive: true);
    }

    private Process Start(string[] arguments, string? program = null, bool readsInput = false)
    {
        var info = new ProcessStartInfo(program ?? Programs.Cli) { WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = readsInput, UseShellExecute = false };
        foreach (var argument in arguments) info.ArgumentList.Add(argument);
        return Process.Start(info)!;
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
