using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Remote.Transport;
using Akka.TestKit.Xunit2;
using Google.Protobuf;

namespace Dynamo.Remoting.Tests.Support;

/// <summary>Transports of one actor system, which also takes their log. Their counters are summed by name.</summary>
public abstract class TransportTest : TestKit
{
    private static int _systems;

    private readonly ConcurrentDictionary<string, long> _counted = new();
    private readonly MeterListener _meters = new();
    private readonly List<Node> _nodes = [];

    /// <param name="flushWait">Long, because a busy machine is no fault; shorter in tests that wait for its end.</param>
    protected TransportTest(string flushWait = "30s")
        : base($"akka {{ loglevel = DEBUG, stdout-loglevel = OFF, remote.flush-wait-on-shutdown = {flushWait} }}", "transport" + Interlocked.Increment(ref _systems).ToString(CultureInfo.InvariantCulture))
    {
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Dynamo.Remoting" && instrument.Meter.Tags!.Any(tag => Sys.Name.Equals(tag.Value))) listener.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<long>((instrument, count, _, _) => _counted.AddOrUpdate(instrument.Name, count, (_, sum) => sum + count));
        _meters.Start();
    }

    protected long Counted(string name) => _counted.GetValueOrDefault("dynamo.remoting." + name);

    private protected async Task<Node> Start(string tcp = "", bool accepting = true)
    {
        var node = await Node.Start(Sys, tcp, accepting);
        _nodes.Add(node);
        return node;
    }

    protected void Until(Func<bool> condition) => AwaitCondition(condition, Given.Long, TimeSpan.FromMilliseconds(10));

    /// <summary>A payload that starts with its number in the stream; the rest follows from the number.</summary>
    protected static ByteString Numbered(long number, int size)
    {
        var bytes = new byte[Math.Max(size, sizeof(long))];
        bytes.AsSpan(sizeof(long)).Fill((byte)number);
        BitConverter.TryWriteBytes(bytes, number);
        return ByteString.CopyFrom(bytes);
    }

    protected static void AssertNumbered(long number, int size, ByteString payload)
    {
        if (!payload.Span.SequenceEqual(Numbered(number, size).Span)) Assert.Fail($"payload {number} is not what was sent: {payload.Length} bytes, number {BitConverter.ToInt64(payload.Span)}");
    }

    /// <summary>Writes as Akka.Remote does: retries refused payloads.</summary>
    protected static async Task Write(AssociationHandle handle, ByteString payload)
    {
        while (!handle.Write(payload)) await Task.Yield();
    }

    protected static async Task Send(Socket peer, params byte[] bytes)
    {
        for (var sent = 0; sent < bytes.Length;) sent += await peer.SendAsync(bytes.AsMemory(sent)).AsTask().WaitAsync(Given.Long);
    }

    /// <summary>Reads until the other end closes, possibly by a reset.</summary>
    protected static async Task<long> ReadToEnd(Socket peer)
    {
        var buffer = new byte[64 * 1024];
        for (var total = 0L; ;)
        {
            try
            {
                var count = await peer.ReceiveAsync(buffer).WaitAsync(Given.Long);
                if (count == 0) return total;
                total += count;
            }
            catch (SocketException)
            {
                return total;
            }
        }
    }

    protected override void AfterAll()
    {
        Task.WhenAll(_nodes.Select(node => node.Transport.Shutdown())).WaitAsync(Given.Long).GetAwaiter().GetResult();
        _meters.Dispose();
        base.AfterAll();
    }
}
