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
        try
        {
            using var client = new TcpClient { NoDelay = true };
            await client.ConnectAsync(host, port, cancellation);
            var stream = client.GetStream();
            // This address is never dialled, but must be nobody else's.
            var id = Random.Shared.NextInt64();
            await stream.WriteAsync(Frame(Handshake.Associate(new Address("akka.tcp", $"question-{id:x16}", "127.0.0.1", 1), (ulong)id)), cancellation);
            var header = new byte[FrameFormat.HeaderSize];
            await stream.ReadExactlyAsync(header, cancellation);
            var length = FrameFormat.ReadLength(header, bigEndian: false);
            if (length is < 1 or > MaxAnswer) return null;
            var answer = new byte[length];
            await stream.ReadExactlyAsync(answer, cancellation);
            // As a system that ends in order: the other side need not wonder.
            await stream.WriteAsync(Frame(Handshake.ShuttingDown()), cancellation);
            return Handshake.OriginOf(answer) is { Port: { } ownPort } own ? (own.Host, ownPort) : null;
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            return null;
        }
    }

    private static byte[] Frame(byte[] payload)
    {
        var frame = new byte[FrameFormat.HeaderSize + payload.Length];
        FrameFormat.WriteLength(frame, payload.Length, bigEndian: false);
        payload.CopyTo(frame, FrameFormat.HeaderSize);
        return frame;
    }
}
