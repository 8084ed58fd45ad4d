using System.Diagnostics;
using System.Text;
using System.Threading.Channels;
using Dynamo.Client;

namespace Dynamo.Cluster.Tests;

/// <summary>One node in a process of the built dynamo-host, with a folder of its own; it ends with the test.</summary>
public sealed class HostProcess : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private readonly string _folder = Directory.CreateTempSubdirectory("dynamo-host-test-").FullName;
    private Process? _process;
    private string _early = "";
    private Channel<string> _lines = Channel.CreateUnbounded<string>();
    private Task<string> _output = Task.FromResult("");
    private Task<string> _errors = Task.FromResult("");

    public string Address { get; } = $"127.0.0.1:{Cli.FreePorts(1)}";

    /// <summary>Variables for the process that is started next.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; set; } = new Dictionary<string, string>();

    public string DataDir => At("data");

    public string Store => Path.Combine(DataDir, "store.db");

    public string At(string name) => Path.Combine(_folder, name);

    /// <summary>Starts the node and waits until it reports that it is up.</summary>
    public async Task StartAsync(string hocon = "")
    {
        _process = Start(hocon);
        _lines = Channel.CreateUnbounded<string>();
        using var limit = new CancellationTokenSource(Limit);
        // Log lines of its actor system come first.
        string? said;
        _early = "";
        do
        {
            said = await _process.StandardOutput.ReadLineAsync(limit.Token);
            _early += said + Environment.NewLine;
        }
        while (said?.Contains(" is up at ", StringComparison.Ordinal) == false);
        Assert.True(said is not null, said ?? await _process.StandardError.ReadToEndAsync(limit.Token));
        _output = CollectAsync(_process.StandardOutput);
        _errors = _process.StandardError.ReadToEndAsync(CancellationToken.None);
    }

    /// <summary>Waits until the started node has printed a line with this text.</summary>
    public async Task AwaitLineAsync(string text)
    {
        if (_early.Contains(text, StringComparison.Ordinal)) return;
        using var limit = new CancellationTokenSource(Limit);
        while (await _lines.Reader.WaitToReadAsync(limit.Token))
            while (_lines.Reader.TryRead(out var line))
                if (line.Contains(text, StringComparison.Ordinal)) return;
        Assert.Fail($"no line with '{text}'");
    }

    /// <summary>Kills a started node; returns its output.</summary>
    public Task<Outcome> KilledAsync()
    {
        _process!.Kill();
        return EndAsync();
    }

    /// <summary>Waits for a started node to end by itself; returns its output.</summary>
    public async Task<Outcome> EndAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        await _process!.WaitForExitAsync(limit.Token);
        return new Outcome(_process.ExitCode, _early + await _output, await _errors);
    }

    /// <summary>Starts a node that is expected to end by itself.</summary>
    public async Task<Outcome> RunAsync(string hocon = "")
    {
        using var process = Start(hocon);
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            return new Outcome(process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    public Task<DynamoClient> ConnectAsync() => Cli.ConnectAsync(Address);

    /// <summary>Limits the size of the files that it writes, as on a full disk; null: no limit.</summary>
    public void LimitFiles(long? bytes) => LimitFiles(_process!.Id, bytes);

    public static void LimitFiles(int process, long? bytes)
    {
        using var prlimit = Process.Start("prlimit", ["--pid", $"{process}", $"--fsize={bytes?.ToString() ?? "unlimited"}:unlimited"]);
        prlimit.WaitForExit();
        Assert.Equal(0, prlimit.ExitCode);
    }

    public void Kill()
    {
        if (!_process!.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    public void Dispose()
    {
        if (_process is not null) Kill();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<string> CollectAsync(StreamReader from)
    {
        var all = new StringBuilder();
        while (await from.ReadLineAsync() is { } line)
        {
            all.AppendLine(line);
            _lines.Writer.TryWrite(line);
        }
        _lines.Writer.Complete();
        return all.ToString();
    }

    private Process Start(string hocon)
    {
        File.WriteAllText(At("node.conf"), $$"""
            dynamo.bucket { n = 1, r = 1, w = 1 }
            dynamo { node.name = n1, storage.data-dir = "{{DataDir.Replace('\\', '/')}}" }
            akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = {{Address[(Address.LastIndexOf(':') + 1)..]}} }
            {{hocon}}
            """);
        // A write beyond the file size limit must fail, not kill the process.
        string[] command = OperatingSystem.IsWindows() ? [Programs.Host] : ["sh", "-c", "trap '' XFSZ; exec \"$0\" \"$@\"", Programs.Host];
        var info = new ProcessStartInfo(command[0], [.. command[1..], "--config", At("node.conf")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in Variables) info.Environment[name] = value;
        return Process.Start(info)!;
    }
}
