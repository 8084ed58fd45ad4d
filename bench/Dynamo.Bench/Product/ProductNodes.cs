using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Dynamo.Cli.Local;

namespace Dynamo.Bench.Product;

/// <summary>Runs a cluster of a given build of the product until the input ends. The build's own `dynamo up` starts it, in a temporary folder.</summary>
internal static class ProductNodes
{
    private const int Nodes = 3;
    private const int Tries = 3;

    /// <summary>Prints the nodes' process ids and addresses, then waits for the end of the input.</summary>
    public static async Task RunAsync(string build, string engine, TextReader input, TextWriter output)
    {
        // The terminal's Ctrl-C is for the driver; this process ends with its input, after the nodes.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => signal.Cancel = true);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = true);
        var folder = Directory.CreateTempSubdirectory("dynamo-bench-").FullName;
        var nodes = new List<Process>();
        try
        {
            await StartAsync(build, engine, folder);
            var cluster = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "cluster.json"))).RootElement.GetProperty("nodes").EnumerateArray().ToArray();
            foreach (var node in cluster) nodes.Add(Process.GetProcessById(node.GetProperty("processId").GetInt32()));
            await output.WriteLineAsync($"{string.Join(',', nodes.Select(n => n.Id))} {string.Join(' ', cluster.Select(n => n.GetProperty("address").GetString()))}");
            await input.ReadToEndAsync();
        }
        finally
        {
            foreach (var node in nodes) End(node);
            Directory.Delete(folder, recursive: true);
        }
    }

    // Retries, since a free port may be taken before a node binds it.
    private static async Task StartAsync(string build, string engine, string folder)
    {
        for (var attempt = 1; ; attempt++)
        {
            var start = new ProcessStartInfo(Path.Combine(build, "dynamo")) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (var word in (string[])["up", "--nodes", $"{Nodes}", "--port", $"{LocalPorts.FirstOf(Nodes)}", "--engine", engine, "--dir", folder, "--detach"]) start.ArgumentList.Add(word);
            using var up = Start(start);
            up.StandardInput.Close();
            var (said, complained) = (up.StandardOutput.ReadToEndAsync(), up.StandardError.ReadToEndAsync());
            await up.WaitForExitAsync();
            await said;
            if (up.ExitCode == 0) return;
            if (attempt == Tries) throw new BenchException($"{start.FileName} up: {(await complained).Trim()}");
            File.Delete(Path.Combine(folder, "cluster.json"));
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new BenchException($"{start.FileName} does not start: {e.Message}");
        }
    }

    private static void End(Process node)
    {
        try
        {
            node.Kill();
            node.WaitForExit(5000);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // Already ended.
        }
        node.Dispose();
    }
}
