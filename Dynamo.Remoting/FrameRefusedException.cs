namespace Dynamo.Remoting;

/// <summary>A peer announced a frame that no peer may send. Its message is for the log.</summary>
internal sealed class FrameRefusedException(string message) : Exception(message);
