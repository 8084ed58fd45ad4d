using Dynamo.Core.Membership;

namespace Dynamo.Actors.Shared;

/// <summary>The gossiper's word to the node's other actors, at the start and after each change.</summary>
public sealed record ViewChanged(ClusterView View, ulong StateHash);
