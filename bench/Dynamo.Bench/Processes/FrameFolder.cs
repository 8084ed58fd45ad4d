namespace Dynamo.Bench.Processes;

/// <summary>The folder in which the processes of a run count their frames, one file each; deleted after the run.</summary>
internal sealed class FrameFolder : IDisposable
{
    private const string Variable = "DYNAMO_BENCH_FRAMES";
    private readonly string _path = Directory.CreateTempSubdirectory("dynamo-bench-frames-").FullName;

    /// <summary>The folder for this process; null: it need not count.</summary>
    public static string? OfThisProcess => Environment.GetEnvironmentVariable(Variable);

    /// <summary>Sets up the environment of a new process, and of its own children, to run <see cref="StartupHook"/> and count here.</summary>
    public void Enter(IDictionary<string, string?> environment)
    {
        environment[Variable] = _path;
        environment["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location;
    }

    /// <summary>Frames sent by all these processes together; null when one of them does not count.</summary>
    public long? SentBy(IEnumerable<int> processIds) => processIds.Aggregate((long?)0, (sum, id) => sum + FrameCount.Read(_path, id));

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
