using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Akka.Actor;

namespace Akka.Tests.Remote;

/// <summary>
/// A node made of a socket and bytes put together by hand: it knows the wire's format from its description alone, so that it stays
/// a witness independent of the code that it is used against.
/// </summary>
public sealed class RawPeer : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly TcpClient _client = new();

    private RawPeer(int port, long uid) => (Port, Uid) = (port, uid);

    /// <summary>The port this node says it is at. Nobody listens there.</summary>
    public int Port { get; }

    public long Uid { get; }

    public string Address => $"akka.tcp://Raw@127.0.0.1:{Port}";

    public static async Task<RawPeer> Connect(Address to, int port = 1, long uid = 77)
    {
        var peer = new RawPeer(port, uid);
        await peer._client.ConnectAsync(IPAddress.Parse(to.Host), to.Port!.Value);
        return peer;
    }

    /// <summary>Connects and shakes hands.</summary>
    public static async Task<RawPeer> Associate(Address to, int port = 1, long uid = 77)
    {
        var peer = await Connect(to, port, uid);
        await peer.SendFrame(peer.AssociatePdu());
        var answer = await peer.ReadFrame();
        Assert.Equal(1, Fields.Of(Fields.Of(answer).Bytes(2)).Number(1));
        return peer;
    }

    public byte[] AssociatePdu()
    {
        var address = Proto.Concat(Proto.String(1, "Raw"), Proto.String(2, "127.0.0.1"), Proto.Number(3, Port), Proto.String(4, "tcp"));
        var handshake = Proto.Concat(Proto.Bytes(1, address), Proto.Fixed(2, (ulong)Uid));
        return Proto.Bytes(2, Proto.Concat(Proto.Number(1, 1), Proto.Bytes(2, handshake)));
    }

    public static byte[] EnvelopePdu(string recipient, byte[] message, int serializerId, string manifest, string? sender, ulong sequence = ulong.MaxValue)
    {
        var payload = Proto.Concat(Proto.Bytes(1, message), Proto.Number(2, serializerId), manifest.Length == 0 ? [] : Proto.String(3, manifest));
        var envelope = Proto.Concat(Proto.Bytes(1, Proto.String(1, recipient)), Proto.Bytes(2, payload),
            sender is null ? [] : Proto.Bytes(4, Proto.String(1, sender)), sequence == 0 ? [] : Proto.Fixed(5, sequence));
        return Proto.Bytes(1, Proto.Bytes(2, envelope));
    }

    public static byte[] AckPdu(ulong cumulative) => Proto.Bytes(1, Proto.Bytes(1, cumulative == 0 ? [] : Proto.Fixed(1, cumulative)));

    public Task SendFrame(byte[] pdu)
    {
        var frame = new byte[4 + pdu.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, pdu.Length);
        pdu.CopyTo(frame, 4);
        return SendBytes(frame);
    }

    public async Task SendBytes(byte[] bytes) => await _client.GetStream().WriteAsync(bytes);

    public async Task<byte[]> ReadFrame()
    {
        using var limit = new CancellationTokenSource(Deadline);
        var prefix = new byte[4];
        await _client.GetStream().ReadExactlyAsync(prefix, limit.Token);
        var pdu = new byte[BinaryPrimitives.ReadInt32LittleEndian(prefix)];
        await _client.GetStream().ReadExactlyAsync(pdu, limit.Token);
        return pdu;
    }

    /// <summary>The next envelope; heartbeats, acknowledgements and the remote watcher's messages are passed over.</summary>
    internal async Task<Fields> ReadEnvelope(int? serializerId = null)
    {
        while (true)
        {
            var container = Fields.Of(await ReadFrame()).BytesOrNull(1);
            if (container is null || Fields.Of(container).BytesOrNull(2) is not { } envelope)
                continue;
            var fields = Fields.Of(envelope);
            if (serializerId is null || Fields.Of(fields.Bytes(2)).Number(2) == serializerId)
                return fields;
        }
    }

    internal async Task<Fields> ReadAck()
    {
        while (true)
        {
            var container = Fields.Of(await ReadFrame()).BytesOrNull(1);
            if (container is not null && Fields.Of(container).BytesOrNull(1) is { } ack)
                return Fields.Of(ack);
        }
    }

    /// <summary>Passes when the other side closes the connection, whatever it still sends before.</summary>
    public async Task AssertClosed()
    {
        using var limit = new CancellationTokenSource(Deadline);
        var buffer = new byte[1024];
        try
        {
            while (await _client.GetStream().ReadAsync(buffer, limit.Token) > 0)
            {
            }
        }
        catch (IOException)
        {
            // Reset: closed, too.
        }
    }

    public void Dispose() => _client.Dispose();
}

/// <summary>Protobuf by hand.</summary>
internal static class Proto
{
    public static byte[] Concat(params byte[][] parts) => [.. parts.SelectMany(part => part)];

    public static byte[] Number(int field, long value) => Concat(Varint((ulong)field << 3), Varint((ulong)value));

    public static byte[] Fixed(int field, ulong value) => Concat(Varint(((ulong)field << 3) | 1), BitConverter.GetBytes(value));

    public static byte[] Bytes(int field, byte[] value) => Concat(Varint(((ulong)field << 3) | 2), Varint((ulong)value.Length), value);

    public static byte[] String(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }
}

internal sealed class Fields
{
    private readonly Dictionary<int, object> _values = [];

    public static Fields Of(byte[] message)
    {
        var fields = new Fields();
        var position = 0;
        while (position < message.Length)
        {
            var tag = Varint(message, ref position);
            switch (tag & 7)
            {
                case 0:
                    fields._values[(int)(tag >> 3)] = (long)Varint(message, ref position);
                    break;
                case 1:
                    fields._values[(int)(tag >> 3)] = BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(position));
                    position += 8;
                    break;
                case 2:
                    var length = (int)Varint(message, ref position);
                    fields._values[(int)(tag >> 3)] = message.AsSpan(position, length).ToArray();
                    position += length;
                    break;
                default:
                    throw new InvalidOperationException($"wire type {tag & 7}");
            }
        }
        return fields;
    }

    public byte[] Bytes(int field) => (byte[])_values[field];

    public byte[]? BytesOrNull(int field) => _values.TryGetValue(field, out var value) ? (byte[])value : null;

    public string String(int field) => Encoding.UTF8.GetString(Bytes(field));

    public long Number(int field) => _values.TryGetValue(field, out var value) ? (long)value : 0;

    public ulong Fixed(int field) => _values.TryGetValue(field, out var value) ? (ulong)value : 0;

    public string Ref(int field) => Of(Bytes(field)).String(1);

    private static ulong Varint(byte[] message, ref int position)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var b = message[position++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return value;
        }
    }
}
