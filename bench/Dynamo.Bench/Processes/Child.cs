using System.Diagnostics;

namespace Dynamo.Bench.Processes;

/// <summary>A child process of this program. It ends when its standard input does, so also when this process is killed.</summary>
internal sealed class Child : IAsyncDisposable
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(20);
    private readonly Process _process;
    private readonly string _what;

    private Child(Process process, string what) => (_process, _what) = (process, what);

    public int Id => _process.Id;

    public static Child Start(FrameFolder frames, IReadOnlyList<string> words)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        // ProcessPath is the program itself under `dotnet run`, but dotnet under `dotnet dynamo-bench.dll`.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(Child).Assembly.Location);
        foreach (var word in words) start.ArgumentList.Add(word);
        frames.Enter(start.Environment);
        return new Child(Process.Start(start)!, string.Join(' ', words.Take(2)));
    }

    public Task TellAsync(string line) => _process.StandardInput.WriteLineAsync(line);

    /// <exception cref="BenchException">The process ended, or printed nothing in time.</exception>
    public async Task<string> HearAsync(TimeSpan limit, CancellationToken cancellation)
    {
        try
        {
            return await _process.StandardOutput.ReadLineAsync(cancellation).AsTask().WaitAsync(limit, cancellation)
                ?? throw new BenchException($"the process '{_what}' ended");
        }
        catch (TimeoutException)
        {
            throw new BenchException($"the process '{_what}' printed nothing for {limit.TotalSeconds:0} s");
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(EndLimit);
        try
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            _process.Kill();
        }
        _process.Dispose();
    }
}
