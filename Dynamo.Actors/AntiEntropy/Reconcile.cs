using Dynamo.Core.Ring;

namespace Dynamo.Actors.AntiEntropy;

/// <summary>Asks the node's anti-entropy to compare one partition with a peer now. Never leaves the process.</summary>
public sealed record Reconcile(NodeId Peer, int Partition);

/// <param name="Failure">Null: every key that the peer held when the comparison began is here, and the other way round.</param>
public sealed record Reconciled(Reconcile Question, string? Failure);
