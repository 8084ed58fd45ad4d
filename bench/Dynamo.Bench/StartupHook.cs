using System.Diagnostics.Metrics;
using Dynamo.Bench.Processes;

#pragma warning disable MA0047 // The runtime looks for a type of this name outside any namespace.

/// <summary>
/// Runs before anything else in each process of a measured system, the product's included, and counts sent frames from the transport's meter. Uses only
/// the runtime, since other processes have nothing else of this program.
/// </summary>
internal static class StartupHook
{
    private const string Counted = "frames.sent";
    private static readonly MeterListener Listener = new();

    public static void Initialize()
    {
        if (FrameFolder.OfThisProcess is not { } folder) return;
        // Created for the first counter: a process without one has no file, which tells the driver that it does not count.
        var frames = new Lazy<FrameCount>(() => new FrameCount(folder, Environment.ProcessId));
        Listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument is Counter<long> && instrument.Name.EndsWith(Counted, StringComparison.Ordinal)) listener.EnableMeasurementEvents(instrument, frames.Value);
        };
        Listener.SetMeasurementEventCallback<long>(static (_, sent, _, frames) => ((FrameCount)frames!).Add(sent));
        Listener.Start();
    }
}
