using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Dynamo.Cluster.Tests;

/// <summary>A port that leads to another one, like the mapped port of a container: for everybody, or for some. Its connections end with it.</summary>
internal sealed class Door : IDisposable
{
    private const int HeaderBytes = 4;
    private const int MaxHandshakeBytes = 64 << 10;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _shut = new();
    private readonly IPEndPoint _to;
    private readonly Func<string, bool>? _admits;
    private int _refused;

    /// <param name="admits">Given the first frame of a connection, its sender's handshake, as Latin-1 text. False: the connection is closed.</param>
    public Door(string to, Func<string, bool>? admits = null)
    {
        (_to, _admits) = (IPEndPoint.Parse(to), admits);
        _listener.Start();
        _ = WelcomeAllAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The number of connections that were closed.</summary>
    public int Refused => Volatile.Read(ref _refused);

    public void Dispose()
    {
        _shut.Cancel();
        _listener.Dispose();
        _shut.Dispose();
    }

    private async Task WelcomeAllAsync()
    {
        try
        {
            while (true) _ = PassAsync(await _listener.AcceptTcpClientAsync(_shut.Token));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task PassAsync(TcpClient outer)
    {
        using var inner = new TcpClient();
        try
        {
            using (outer)
            {
                var first = _admits is null ? [] : await FirstFrameAsync(outer.GetStream(), _shut.Token);
                if (_admits?.Invoke(Encoding.Latin1.GetString(first)) == false)
                {
                    Interlocked.Increment(ref _refused);
                    return;
                }
                await inner.ConnectAsync(_to, _shut.Token);
                await inner.GetStream().WriteAsync(first, _shut.Token);
                await Task.WhenAny(
                    outer.GetStream().CopyToAsync(inner.GetStream(), _shut.Token), inner.GetStream().CopyToAsync(outer.GetStream(), _shut.Token));
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One side ended, or the test is over.
        }
    }

    private static async Task<byte[]> FirstFrameAsync(NetworkStream from, CancellationToken shut)
    {
        var header = new byte[HeaderBytes];
        await from.ReadExactlyAsync(header, shut);
        var length = BitConverter.ToInt32(header);
        if (length is < 0 or > MaxHandshakeBytes) return header;
        var frame = new byte[HeaderBytes + length];
        header.CopyTo(frame, 0);
        await from.ReadExactlyAsync(frame.AsMemory(HeaderBytes), shut);
        return frame;
    }
}
