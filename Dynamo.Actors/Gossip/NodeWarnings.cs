using System.Collections.Immutable;

namespace Dynamo.Actors.Gossip;

/// <summary>Sent by the gossiper to its parent on each change: what an operator should look at, one sentence each.</summary>
internal sealed record NodeWarnings(ImmutableArray<string> All);
