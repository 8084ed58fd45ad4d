using Dynamo.Core.Membership;

namespace Dynamo.Actors.Shared;

/// <summary>Sent by the gossiper to the node's other actors, at the start and after each change.</summary>
public sealed record ViewChanged(ClusterView View, ulong StateHash);
