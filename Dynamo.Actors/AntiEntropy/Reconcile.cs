using Dynamo.Core.Ring;

namespace Dynamo.Actors.AntiEntropy;

/// <summary>Asks the node's anti-entropy to compare one partition with a peer now. Never leaves the process.</summary>
public sealed record Reconcile(NodeId Peer, int Partition);

/// <param name="Failure">Null: this node now has every key that the peer held when the comparison began, and vice versa.</param>
public sealed record Reconciled(Reconcile Question, string? Failure);
