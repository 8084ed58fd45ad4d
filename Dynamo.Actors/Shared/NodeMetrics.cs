using System.Diagnostics.Metrics;

namespace Dynamo.Actors.Shared;

/// <summary>
/// The process's metrics under the meter <see cref="MeterName"/>, for `dotnet-counters` or an OpenTelemetry exporter.
/// </summary>
public static class NodeMetrics
{
    public const string MeterName = "Dynamo";

    private static readonly Meter Meter = new(MeterName, ProductVersion.Text);

    /// <summary>Writes that left a key with more siblings than its bucket's `warn-siblings`.</summary>
    public static readonly Counter<long> SiblingWarnings = Meter.CreateCounter<long>("dynamo.siblings.warnings", "{write}", "Writes that left a key with more siblings than its bucket's warn-siblings.");

    /// <summary>How far the node's wall clock is ahead of the median of all nodes' clocks.</summary>
    public static readonly Gauge<long> ClockLead = Meter.CreateGauge<long>(
        "dynamo.clock.lead", "ms", "How far the node's wall clock is ahead of the median of all nodes' clocks; negative: behind.");
}
