namespace Dynamo.Actors.Shared;

/// <summary>The receptionist's word to the node's root, whose child it is not, after it failed and was restarted. Never leaves the process.</summary>
internal sealed record ReceptionistRestarted(Exception Cause);
