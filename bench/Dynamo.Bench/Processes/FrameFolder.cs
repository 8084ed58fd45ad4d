namespace Dynamo.Bench.Processes;

/// <summary>Where the processes of a run count their frames, a file each; gone with the run.</summary>
internal sealed class FrameFolder : IDisposable
{
    private const string Variable = "DYNAMO_BENCH_FRAMES";
    private readonly string _path = Directory.CreateTempSubdirectory("dynamo-bench-frames-").FullName;

    /// <summary>Null: nobody wants this process to count.</summary>
    public static string? OfThisProcess => Environment.GetEnvironmentVariable(Variable);

    /// <summary>Makes a process that is to be started, and all that it starts in turn, run <see cref="StartupHook"/> and count here.</summary>
    public void Enter(IDictionary<string, string?> environment)
    {
        environment[Variable] = _path;
        environment["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location;
    }

    /// <summary>Of all these processes together; null when one of them counts none.</summary>
    public long? SentBy(IEnumerable<int> processIds) => processIds.Aggregate((long?)0, (sum, id) => sum + FrameCount.Read(_path, id));

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
