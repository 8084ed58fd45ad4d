using System.Diagnostics.Metrics;

namespace Dynamo.Remoting;

/// <summary>A transport's counters, under the meter <c>Dynamo.Remoting</c>, whose tag <c>system</c> is the actor system's name.</summary>
internal sealed class RemotingMetrics : IDisposable
{
    private readonly Meter _meter;

    public RemotingMetrics(string system)
    {
        _meter = new Meter(new MeterOptions("Dynamo.Remoting") { Tags = [new("system", system)] });
        FramesSent = _meter.CreateCounter<long>("dynamo.remoting.frames.sent", "{frame}", "Frames handed to the operating system.");
        BytesSent = _meter.CreateCounter<long>("dynamo.remoting.bytes.sent", "By", "Bytes handed to the operating system, frame lengths included.");
        Sends = _meter.CreateCounter<long>("dynamo.remoting.sends", "{send}", "Send operations.");
        FramesReceived = _meter.CreateCounter<long>("dynamo.remoting.frames.received", "{frame}", "Whole frames received.");
        BytesReceived = _meter.CreateCounter<long>("dynamo.remoting.bytes.received", "By", "Bytes received, frame lengths included.");
        Receives = _meter.CreateCounter<long>("dynamo.remoting.receives", "{receive}", "Receive operations.");
        WritesRefused = _meter.CreateCounter<long>("dynamo.remoting.writes.refused", "{write}", "Writes refused because too much waited to be sent.");
        FramesRefused = _meter.CreateCounter<long>("dynamo.remoting.frames.refused", "{frame}", "Frames above maximum-frame-size or of invalid length.");
        Connections = _meter.CreateUpDownCounter<long>("dynamo.remoting.connections", "{connection}", "Open connections.");
    }

    public Counter<long> FramesSent { get; }

    public Counter<long> BytesSent { get; }

    public Counter<long> Sends { get; }

    public Counter<long> FramesReceived { get; }

    public Counter<long> BytesReceived { get; }

    public Counter<long> Receives { get; }

    public Counter<long> WritesRefused { get; }

    public Counter<long> FramesRefused { get; }

    public UpDownCounter<long> Connections { get; }

    public void Dispose() => _meter.Dispose();
}
