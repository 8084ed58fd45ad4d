using System.Diagnostics;
using System.Globalization;

namespace Dynamo.Cluster.Tests;

/// <summary>
/// Sets the wall clock of a single process ahead: the system's clock_gettime is replaced by a few lines of C, which a compiler on this machine makes into a
/// library. The monotonic clock stays.
/// </summary>
internal static class ClockAhead
{
    private const string Source = """
        #define _GNU_SOURCE
        #include <sys/syscall.h>
        #include <time.h>
        #include <unistd.h>

        int clock_gettime(clockid_t clock, struct timespec *now)
        {
            int result = (int)syscall(SYS_clock_gettime, clock, now);
            if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += AHEAD;
            return result;
        }
        """;

    /// <summary>Why no clock can be set ahead on this machine; null: it can.</summary>
    public static string? WhyNot { get; } =
        !OperatingSystem.IsLinux() ? "needs Linux (LD_PRELOAD) to set the clock of one process ahead"
        : !IsOnPath("cc") ? "needs a C compiler, cc, to set the clock of one process ahead"
        : null;

    /// <summary>The environment variables of a process whose clock is ahead.</summary>
    /// <param name="folder">For the library.</param>
    public static async Task<IReadOnlyDictionary<string, string>> ByAsync(TimeSpan lead, string folder)
    {
        var (source, library) = (Path.Combine(folder, "ahead.c"), Path.Combine(folder, "ahead.so"));
        await File.WriteAllTextAsync(source, Source);
        var seconds = ((long)lead.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        using var compiler = Process.Start(new ProcessStartInfo("cc", ["-shared", "-fPIC", $"-DAHEAD={seconds}", "-o", library, source]) { RedirectStandardError = true })!;
        var errors = await compiler.StandardError.ReadToEndAsync();
        await compiler.WaitForExitAsync();
        Assert.True(compiler.ExitCode == 0, errors);
        return new Dictionary<string, string> { ["LD_PRELOAD"] = library };
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, program)));
}

/// <summary>A test that sets the clock of a process ahead. Where that cannot be done it is skipped, and says why.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ClockAheadFactAttribute : FactAttribute
{
    public ClockAheadFactAttribute() => Skip = ClockAhead.WhyNot;
}
