using System.Diagnostics.Metrics;

namespace Dynamo.Bench.Floor;

/// <summary>What the product's transport has, too: its messages are counted in the same way.</summary>
internal static class FloorMeter
{
    public static Counter<long> FramesSent { get; } = new Meter("dynamo-bench.floor").CreateCounter<long>("dynamo-bench.floor.frames.sent", "{frame}", "Frames handed to the operating system.");
}
