namespace Dynamo.Actors.Shared;

/// <summary>Tells the node's root that the receptionist, which is not its child, failed and was restarted. Never leaves the process.</summary>
internal sealed record ReceptionistRestarted(Exception Cause);
