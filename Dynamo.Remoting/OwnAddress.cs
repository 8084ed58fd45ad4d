using System.Net.Sockets;
using Akka.Actor;

namespace Dynamo.Remoting;

/// <summary>
/// Asks an actor system behind a host name and port for its own address. Akka.Remote knows a system by the address that it advertises, and drops what is sent
/// to another, even if both lead to the same socket. Both sides of a handshake name themselves: this is the first half of one.
/// </summary>
public static class OwnAddress
{
    private const int MaxAnswer = 64 << 10;

    /// <summary>Connects, without TLS, and asks.</summary>
    /// <returns>Null when nobody answers before the cancellation, or the answer is not that of Akka.Remote.</returns>
    public static async Task<(string Host, int Port)?> AskAsync(string host, int port, CancellationToken cancellation)
    {
        using var client = new TcpClient { NoDelay = true };
        try
        {
            await client.ConnectAsync(host, port, cancellation);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return null;
        }
        return await AskAsync(new PlainWire(client.Client), bigEndian: false, cancellation);
    }

    /// <summary>Asks over a new connection, and closes it.</summary>
    /// <inheritdoc cref="AskAsync(string, int, CancellationToken)"/>
    internal static async Task<(string Host, int Port)?> AskAsync(Wire wire, bool bigEndian, CancellationToken cancellation)
    {
        await using var ending = cancellation.Register(wire.Dispose);
        try
        {
            // This address is never dialled, but must be nobody else's.
            var id = Random.Shared.NextInt64();
            await SendAsync(wire, Frame(Handshake.Associate(new Address("akka.tcp", $"question-{id:x16}", "127.0.0.1", 1), (ulong)id), bigEndian));
            var header = await ReceiveAsync(wire, FrameFormat.HeaderSize);
            var length = FrameFormat.ReadLength(header, bigEndian);
            if (length is < 1 or > MaxAnswer) return null;
            var answer = await ReceiveAsync(wire, length);
            // As a system that ends in order: the other side need not wonder.
            await SendAsync(wire, Frame(Handshake.ShuttingDown(), bigEndian));
            return Handshake.OriginOf(answer) is { Port: { } ownPort } own ? (own.Host, ownPort) : null;
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or OperationCanceledException)
        {
            return null;
        }
        finally
        {
            wire.Dispose();
        }
    }

    private static async Task SendAsync(Wire wire, byte[] frame)
    {
        for (var sent = 0; sent < frame.Length;) sent += await wire.Send(frame.AsMemory(sent));
    }

    private static async Task<byte[]> ReceiveAsync(Wire wire, int length)
    {
        var bytes = new byte[length];
        for (var received = 0; received < length;)
        {
            var came = await wire.Receive(bytes.AsMemory(received));
            if (came == 0) throw new EndOfStreamException();
            received += came;
        }
        return bytes;
    }

    private static byte[] Frame(byte[] payload, bool bigEndian)
    {
        var frame = new byte[FrameFormat.HeaderSize + payload.Length];
        FrameFormat.WriteLength(frame, payload.Length, bigEndian);
        payload.CopyTo(frame, FrameFormat.HeaderSize);
        return frame;
    }
}
