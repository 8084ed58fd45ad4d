namespace Dynamo.Actors.Gossip;

/// <summary>Sent once by the gossiper to its parent: peers refuse this node because it left or was removed, whether or not its own store says so.</summary>
public sealed record Expelled(string Reason);
