using System.Runtime.CompilerServices;

namespace Dynamo.Cluster.Tests;

/// <summary>
/// The programs under test: those built in the same configuration as this test, or, if DYNAMO_PROGRAMS names a folder, the published ones there
/// (docs/testing.md).
/// </summary>
internal static class Programs
{
    public static string Cli => At("dynamo");

    public static string Host => At(Path.Combine("host", "dynamo-host"));

    private static string At(string name)
    {
        var path = Path.Combine(Environment.GetEnvironmentVariable("DYNAMO_PROGRAMS") is { Length: > 0 } folder ? Path.GetFullPath(folder) : Built(), name);
        return File.Exists(path) || File.Exists(path + ".exe") ? path : throw new FileNotFoundException($"there is no {path}: build Dynamo.Cli, or set DYNAMO_PROGRAMS");
    }

    private static string Built([CallerFilePath] string here = "")
    {
        var configuration = AppContext.BaseDirectory.Contains("Release", StringComparison.Ordinal) ? "Release" : "Debug";
        return Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "Dynamo.Cli", "bin", configuration, "net10.0"));
    }
}
