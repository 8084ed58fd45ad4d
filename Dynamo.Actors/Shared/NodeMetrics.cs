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

    /// <summary>Gossip messages that were refused, by reason (a <see cref="Core.Membership.Refusal"/>).</summary>
    public static readonly Counter<long> GossipRefused = Meter.CreateCounter<long>("dynamo.gossip.refused", "{message}", "Gossip messages of nodes that this one does not gossip with, by reason.");

    /// <summary>Second live nodes with a member's name, by name.</summary>
    public static readonly Counter<long> NameConflicts = Meter.CreateCounter<long>("dynamo.members.name-conflicts", "{node}", "Live nodes that were found to have the name of another one, by name.");
}
