namespace Dynamo.Actors.Shared;

/// <summary>Sent by the gossiper to the node's root when it finds that the node's wall clock has moved against the others'.</summary>
/// <param name="LeadMs">How far it is ahead of their median; negative: behind.</param>
/// <param name="IsOff">By more than `dynamo.clock.max-skew`.</param>
internal sealed record ClockMeasured(long LeadMs, bool IsOff);
