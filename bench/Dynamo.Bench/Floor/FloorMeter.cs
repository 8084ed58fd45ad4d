using System.Diagnostics.Metrics;

namespace Dynamo.Bench.Floor;

/// <summary>Frame counter like that of the product's transport, so that messages are counted the same way.</summary>
internal static class FloorMeter
{
    public static Counter<long> FramesSent { get; } = new Meter("dynamo-bench.floor").CreateCounter<long>("dynamo-bench.floor.frames.sent", "{frame}", "Frames handed to the operating system.");
}
