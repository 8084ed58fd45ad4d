using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Akka.Bench;

/// <summary>
/// What the machine allows: messages of the same size echoed over one bare socket, read and written in as few calls as their number
/// in flight lets.
/// </summary>
internal static class SocketFloor
{
    private const int MessageBytes = 200;
    private const int BufferBytes = 256 * 1024;

    public static int StartEcho()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _ = AcceptEchoes(listener);
        return ((IPEndPoint)listener.LocalEndPoint!).Port;
    }

    public static async Task<BenchResult> Run(string name, int inFlight, TimeSpan time)
    {
        await using var peer = await Peer.Start();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, peer.SocketPort);
        var counter = new Counter();
        var latency = new Histogram();
        var pump = Pump(socket, inFlight, counter, latency);
        await Task.Delay(Warmup.Of(time));
        latency.Clear();
        var before = counter.Value;
        var meter = new Meter(peer.Process);
        await Task.Delay(time);
        var result = meter.Read(name, counter.Value - before, inFlight == 1 ? latency : null);
        socket.Dispose();
        await pump;
        return result;
    }

    private static async Task Pump(Socket socket, int inFlight, Counter counter, Histogram latency)
    {
        var buffer = new byte[BufferBytes];
        var carried = 0;
        try
        {
            var sent = Stopwatch.GetTimestamp();
            await socket.SendAsync(new byte[inFlight * MessageBytes]);
            while (true)
            {
                var bytes = carried + await socket.ReceiveAsync(buffer);
                var answered = bytes / MessageBytes;
                carried = bytes % MessageBytes;
                if (answered == 0)
                    continue;
                latency.Add(Stopwatch.GetTimestamp() - sent);
                counter.Add(answered);
                sent = Stopwatch.GetTimestamp();
                await socket.SendAsync(buffer.AsMemory(0, answered * MessageBytes));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The measuring is over.
        }
    }

    private static async Task AcceptEchoes(Socket listener)
    {
        while (true)
        {
            var socket = await listener.AcceptAsync();
            socket.NoDelay = true;
            _ = Echo(socket);
        }
    }

    private static async Task Echo(Socket socket)
    {
        var buffer = new byte[BufferBytes];
        using (socket)
        {
            try
            {
                for (int bytes; (bytes = await socket.ReceiveAsync(buffer)) > 0;)
                    await socket.SendAsync(buffer.AsMemory(0, bytes));
            }
            catch (SocketException)
            {
                // The client has gone.
            }
        }
    }
}
