using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Akka.Bench;

internal sealed record BenchOptions(TimeSpan Duration, bool Json, string? Only)
{
    public const string Usage = """
        usage: Akka.Bench [--seconds N] [--only NAME] [--json]
          --seconds N   how long each benchmark is measured, after a warm-up (default 5)
          --only NAME   those whose name starts with NAME
          --json        for programs
        """;

    public static bool TryParse(string[] args, [NotNullWhen(true)] out BenchOptions? options, out string problem)
    {
        options = null;
        problem = string.Empty;
        var (seconds, json, only) = (5.0, false, (string?)null);
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--json":
                    json = true;
                    break;
                case "--seconds" when i + 1 < args.Length
                    && double.TryParse(args[++i], NumberStyles.Float, CultureInfo.InvariantCulture, out seconds) && seconds > 0:
                    break;
                case "--only" when i + 1 < args.Length:
                    only = args[++i];
                    break;
                default:
                    problem = $"'{args[i]}' is not understood";
                    return false;
            }
        }
        options = new BenchOptions(TimeSpan.FromSeconds(seconds), json, only);
        return true;
    }

    public bool Selects(Benchmark benchmark) => Only is null || benchmark.Name.StartsWith(Only, StringComparison.Ordinal);
}
