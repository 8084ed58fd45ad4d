using Dynamo.Core.Ring;
using Wire = Dynamo.Protocol;

namespace Dynamo.Client.Admin;

/// <summary>How a node is, in its own words.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Version">Of the program.</param>
/// <param name="ProcessId">On its machine.</param>
/// <param name="Uptime">Since its actors started.</param>
/// <param name="Engine">Where it keeps its data: sqlite or memory.</param>
/// <param name="RingEpoch">Of the ring that it goes by; 0: none yet.</param>
/// <param name="Members">That it knows, those that are gone too.</param>
/// <param name="StateHash">Equal on nodes that know the same of the cluster.</param>
/// <param name="Unreachable">Whom it believes to be down.</param>
/// <param name="Keys">In its store, tombstones too.</param>
/// <param name="Bytes">Of keys and values in its store.</param>
/// <param name="HintsHeld">Writes that it keeps for others.</param>
/// <param name="BackgroundShare">How fast its background work goes, 0 to 1: it yields when the foreground is slow.</param>
/// <param name="ForegroundP99">Of the requests that it coordinated in the last ten seconds.</param>
/// <param name="IsDraining">It coordinates nothing and takes no hints: an operator means to stop it.</param>
public sealed record NodeStatus(
    NodeId Node, string Version, int ProcessId, TimeSpan Uptime, string Engine, long RingEpoch, int Members, ulong StateHash, IReadOnlyList<NodeId> Unreachable,
    long Keys, long Bytes, long HintsHeld, double BackgroundShare, TimeSpan ForegroundP99, bool IsDraining)
{
    internal static NodeStatus Of(Wire.NodeStatus said) => new(
        said.Node, said.Version, said.ProcessId, TimeSpan.FromMilliseconds(said.UptimeMs), said.Engine, said.RingEpoch, said.Members, said.StateHash, said.Unreachable,
        said.Keys, said.Bytes, said.HintsHeld, said.BackgroundShare, TimeSpan.FromMilliseconds(said.ForegroundP99Ms), said.IsDraining);
}

/// <summary>How far a node is with being drained.</summary>
/// <param name="IsOn">It coordinates no new requests and takes no hints.</param>
/// <param name="InFlight">Requests that it still coordinates.</param>
/// <param name="HintsHeld">Writes that it still keeps for others.</param>
public sealed record DrainState(bool IsOn, int InFlight, long HintsHeld)
{
    /// <summary>It may be stopped: no request depends on it.</summary>
    public bool IsDone => IsOn && InFlight == 0 && HintsHeld == 0;
}

/// <summary>How many writes a node keeps for another.</summary>
/// <param name="Owner">For whom.</param>
/// <param name="Hints">How many.</param>
public readonly record struct HintCount(NodeId Owner, long Hints);
