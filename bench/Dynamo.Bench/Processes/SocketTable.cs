using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Dynamo.Bench.Processes;

/// <param name="Packets">Data segments sent: on loopback one per write, unless the write is large (tens of KiB).</param>
internal readonly record struct Traffic(long Packets, long Bytes);

/// <summary>The kernel's counters of each TCP connection, read through `ss`. Needs no help from the processes, so it works the same for all systems.</summary>
internal static partial class SocketTable
{
    /// <returns>Traffic by connection; null if `ss` is not available.</returns>
    public static async Task<IReadOnlyDictionary<string, Traffic>?> ReadAsync(HashSet<int> processes)
    {
        var start = new ProcessStartInfo("ss", ["-t", "-i", "-n", "-p", "-H", "-O"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var ss = Process.Start(start)!;
            var complaint = ss.StandardError.ReadToEndAsync();
            var table = new Dictionary<string, Traffic>();
            while (await ss.StandardOutput.ReadLineAsync() is { } line)
            {
                if (!ProcessId().Matches(line).Any(id => processes.Contains(int.Parse(id.Groups["number"].ValueSpan)))) continue;
                var words = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
                table[$"{words[3]} {words[4]}"] = new Traffic(NumberIn(Packets().Match(line)), NumberIn(Bytes().Match(line)));
            }
            await ss.WaitForExitAsync();
            await complaint;
            return ss.ExitCode == 0 ? table : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private static long NumberIn(Match match) => match.Success ? long.Parse(match.Groups["number"].ValueSpan) : 0;

    [GeneratedRegex(@"pid=(?<number>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ProcessId();

    [GeneratedRegex(@"\bdata_segs_out:(?<number>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Packets();

    [GeneratedRegex(@"\bbytes_sent:(?<number>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Bytes();
}
