namespace Dynamo.Actors.Gossip;

/// <summary>The gossiper's word to its parent, once: the others say that the node left or was removed, whether its own store knows of it or not.</summary>
public sealed record Expelled(string Reason);
