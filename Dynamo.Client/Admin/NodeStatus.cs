using Dynamo.Core.Clocks;
using Dynamo.Core.Ring;
using Wire = Dynamo.Protocol;

namespace Dynamo.Client.Admin;

/// <summary>The status that a node reports.</summary>
/// <param name="Node">The node's name.</param>
/// <param name="Version">Product version.</param>
/// <param name="ProcessId">Process id on the node's machine.</param>
/// <param name="Uptime">Time since the node's actors started.</param>
/// <param name="Engine">Storage engine: sqlite or memory.</param>
/// <param name="RingEpoch">Epoch of the ring that the node uses; 0: none yet.</param>
/// <param name="Members">Number of members it knows, including those that are gone.</param>
/// <param name="StateHash">Equal on nodes with the same view of the cluster.</param>
/// <param name="Unreachable">Nodes that it believes to be down.</param>
/// <param name="Keys">Keys in its store, tombstones included.</param>
/// <param name="Bytes">Bytes of keys and values in its store.</param>
/// <param name="HintsHeld">Hints that it keeps for other nodes.</param>
/// <param name="BackgroundShare">Speed of its background work, 0 to 1: it yields when the foreground is slow.</param>
/// <param name="ForegroundP99">Latency (p99) of the requests that it coordinated in the last ten seconds.</param>
/// <param name="IsDraining">True when the node is drained: it coordinates no new requests and takes no hints.</param>
public sealed record NodeStatus(
    NodeId Node, string Version, int ProcessId, TimeSpan Uptime, string Engine, long RingEpoch, int Members, ulong StateHash, IReadOnlyList<NodeId> Unreachable,
    long Keys, long Bytes, long HintsHeld, double BackgroundShare, TimeSpan ForegroundP99, bool IsDraining)
{
    /// <summary>How far the node's wall clock is ahead of the median of the nodes' clocks, as the node measures it; negative: behind.</summary>
    public TimeSpan ClockLead { get; init; }

    /// <summary>True when the node's wall clock is off by more than its `dynamo.clock.max-skew`.</summary>
    public bool IsClockOff { get; init; }

    /// <summary>Why the node's store refuses writes now, such as a full disk; empty when it does not.</summary>
    public string StoreFailure { get; init; } = "";

    /// <summary>What an operator should look at, one sentence each: settings that differ between nodes, nodes that are refused, two nodes with one name.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    internal static NodeStatus Of(Wire.NodeStatus said) => new(
        said.Node, said.Version, said.ProcessId, TimeSpan.FromMilliseconds(said.UptimeMs), said.Engine, said.RingEpoch, said.Members, said.StateHash, said.Unreachable,
        said.Keys, said.Bytes, said.HintsHeld, said.BackgroundShare, TimeSpan.FromMilliseconds(said.ForegroundP99Ms), said.IsDraining)
    {
        // A node may say anything.
        ClockLead = TimeSpan.FromMilliseconds(Math.Clamp(said.ClockLeadMs, -PeerClocks.LastMs, PeerClocks.LastMs)),
        IsClockOff = said.IsClockOff,
        StoreFailure = said.StoreFailure,
        Warnings = said.Warnings,
    };
}

/// <summary>The progress of a node's drain.</summary>
/// <param name="IsOn">True while the node coordinates no new requests and takes no hints.</param>
/// <param name="InFlight">Requests that it still coordinates.</param>
/// <param name="HintsHeld">Hints that it still keeps for other nodes.</param>
public sealed record DrainState(bool IsOn, int InFlight, long HintsHeld)
{
    /// <summary>True when the node may be stopped: no request or hint depends on it.</summary>
    public bool IsDone => IsOn && InFlight == 0 && HintsHeld == 0;
}

/// <summary>The number of hints that a node keeps for another one.</summary>
/// <param name="Owner">The node that the hints are for.</param>
/// <param name="Hints">Number of hints.</param>
public readonly record struct HintCount(NodeId Owner, long Hints);
