using System.Text;

namespace Dynamo.Bench.Compare;

/// <summary>The outcome as Markdown: ratios, then each system's figures, all medians over the rounds; a ratio is the median of the rounds' ratios.</summary>
internal static class Markdown
{
    private const double IdleWorthNoting = 0.01;

    public static string Of(Outcome outcome, CompareOptions options)
    {
        var text = new StringBuilder();
        text.Append($"Three nodes and a client of each system, {Environment.ProcessorCount} cores, N=3 R=2 W=2, 10,000 keys, {options.ValueBytes} B values; ")
            .Append($"rounds: {options.Rounds}, {options.Seconds} s a system in turn, after {options.WarmUp} s of warm-up each. ")
            .Append($"Busy with other things meanwhile: {Median(outcome.Measurements, m => m.OthersCpu):0.00} cores.\n\n");
        Ratios(text, outcome);
        Figures(text, outcome);
        Notes(text, outcome);
        return text.ToString();
    }

    // Each build of the product against all systems listed before it.
    private static void Ratios(StringBuilder text, Outcome outcome)
    {
        var pairs = outcome.Systems.SelectMany((system, at) => outcome.Systems.Take(at).Select(other => (System: system, Other: other)))
            .Where(pair => Peer.IsProduct(pair.System)).ToArray();
        if (pairs.Length == 0) return;
        Line(text, ["operations/s", .. pairs.Select(p => $"{p.System} : {p.Other}"), .. pairs.Select(p => $"CPU, {p.System} : {p.Other}")]);
        Rule(text, 1 + (2 * pairs.Length));
        foreach (var row in outcome.Rows)
        {
            Line(text, [
                row.ToString(),
                .. pairs.Select(p => $"{Ratio(outcome, row, p.System, p.Other, m => m.Rate):0.00}"),
                .. pairs.Select(p => $"{Ratio(outcome, row, p.System, p.Other, m => m.NodeCpu + m.ClientCpu):0.00}"),
            ]);
        }
        text.Append('\n');
    }

    private static void Figures(StringBuilder text, Outcome outcome)
    {
        Line(text, ["", "system", "operations/s", "least to most", "p50", "p99", "CPU nodes", "CPU client", "messages", "packets", "bytes", "context switches"]);
        Rule(text, 12);
        foreach (var row in outcome.Rows)
        {
            foreach (var system in outcome.Systems)
            {
                var rounds = outcome.Measurements.Where(m => m.Row == row && m.System == system).ToArray();
                Line(text, [
                    row.ToString(), system, $"{Median(rounds, m => m.Rate):n0}", $"{rounds.Min(m => m.Rate):n0} to {rounds.Max(m => m.Rate):n0}",
                    Time(Median(rounds, m => m.P50Us)), Time(Median(rounds, m => m.P99Us)),
                    $"{Median(rounds, m => m.NodeCpu):0.0} µs", $"{Median(rounds, m => m.ClientCpu):0.0} µs",
                    Maybe(rounds, m => m.Messages, "0.00"), Maybe(rounds, m => m.Packets, "0.00"), Maybe(rounds, m => m.Bytes, "n0"), $"{Median(rounds, m => m.Switches):0.00}",
                ]);
            }
        }
        text.Append("\nCPU (of all three nodes together), messages, packets, bytes and context switches are per operation. Messages are the frames that nodes and client send, gossip and heartbeats ")
            .Append("included: a packet may carry several.\n");
    }

    private static void Notes(StringBuilder text, Outcome outcome)
    {
        foreach (var (system, cores) in outcome.IdleCores)
            if (cores > IdleWorthNoting) text.Append($"\n{system} used {cores:p1} of a core while idle.\n");
        foreach (var failed in outcome.Measurements.Where(m => m.Errors > 0).GroupBy(m => m.System))
            text.Append($"\n{failed.Key}: {failed.Sum(m => m.Errors)} requests failed. The first: {failed.First().FirstError}\n");
    }

    private static double Ratio(Outcome outcome, Row row, string system, string other, Func<Measurement, double> figure)
    {
        var others = outcome.Measurements.Where(m => m.Row == row && m.System == other).ToDictionary(m => m.Round, figure);
        return Median(outcome.Measurements.Where(m => m.Row == row && m.System == system).ToArray(), m => figure(m) / others[m.Round]);
    }

    private static double Median(IReadOnlyCollection<Measurement> rounds, Func<Measurement, double> figure)
    {
        var sorted = rounds.Select(figure).Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static string Maybe(IReadOnlyCollection<Measurement> rounds, Func<Measurement, double?> figure, string format) =>
        rounds.All(m => figure(m) is not null) ? Median(rounds, m => figure(m)!.Value).ToString(format) : "n/a";

    private static string Time(double us) => us < 1000 ? $"{us:0} µs" : $"{us / 1000:0.0} ms";

    private static void Line(StringBuilder text, IReadOnlyList<string> cells) => text.Append($"| {string.Join(" | ", cells)} |\n");

    private static void Rule(StringBuilder text, int columns) => text.Append('|').Insert(text.Length, "---|", columns).Append('\n');
}
