using System.Text;
using Akka.Actor;
using Akka.Remote.Wire;
using Akka.Serialization;

namespace Akka.Remote.Serialization;

/// <summary>A message within a message: <c>Payload {1 bytes, 2 serializerId, 3 manifest}</c>, written by the inner one's own serializer.</summary>
internal static class WrappedPayload
{
    public static byte[] ToBytes(ExtendedActorSystem system, object? message)
    {
        if (message is null)
            return [];
        var serializer = system.Serialization.FindSerializerFor(message);
        var manifest = Akka.Serialization.Serialization.ManifestFor(serializer, message);
        var payload = new SerializedMessage(serializer.ToBinary(message), serializer.Identifier, Encoding.UTF8.GetBytes(manifest));
        var bytes = new byte[payload.Size];
        var writer = new WireWriter(bytes);
        payload.WriteTo(ref writer);
        return bytes;
    }

    public static object? FromBytes(ExtendedActorSystem system, ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload);
        ReadOnlySpan<byte> bytes = default, manifest = default;
        var serializerId = 0;
        var any = false;
        while (!reader.AtEnd)
        {
            any = true;
            var tag = reader.Tag();
            switch (tag)
            {
                case 0x0A:
                    bytes = reader.Bytes();
                    break;
                case 0x10:
                    serializerId = unchecked((int)reader.Varint());
                    break;
                case 0x1A:
                    manifest = reader.Bytes();
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }
        return any ? system.Serialization.Deserialize(bytes.ToArray(), serializerId, Encoding.UTF8.GetString(manifest)) : null;
    }
}

/// <summary>Builds small messages field by field; for what is not on the hot path.</summary>
internal sealed class FieldBuilder
{
    private readonly MemoryStream _bytes = new();

    /// <summary>A string or bytes; nothing when empty, as proto3 has it.</summary>
    public FieldBuilder Bytes(int field, ReadOnlySpan<byte> value) => value.IsEmpty ? this : Nested(field, value);

    public FieldBuilder String(int field, string? value) => Bytes(field, Encoding.UTF8.GetBytes(value ?? string.Empty));

    /// <summary>A sub-message, which is there even when empty.</summary>
    public FieldBuilder Nested(int field, ReadOnlySpan<byte> value)
    {
        Varint(((ulong)field << 3) | WireReader.BytesType);
        Varint((ulong)value.Length);
        _bytes.Write(value);
        return this;
    }

    public FieldBuilder Number(int field, ulong value)
    {
        if (value == 0)
            return this;
        Varint((ulong)field << 3);
        Varint(value);
        return this;
    }

    public FieldBuilder ActorRef(int field, IActorRef? actorRef) =>
        Nested(field, new FieldBuilder().String(1, actorRef is null ? null : Akka.Serialization.Serialization.SerializedActorPath(actorRef)).ToArray());

    public byte[] ToArray() => _bytes.ToArray();

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            _bytes.WriteByte((byte)(value | 0x80));
        _bytes.WriteByte((byte)value);
    }
}

/// <summary>Reads small messages into their fields; for what is not on the hot path.</summary>
internal sealed class FieldMap
{
    private readonly Dictionary<uint, List<byte[]>> _bytes = [];
    private readonly Dictionary<uint, ulong> _numbers = [];

    public FieldMap(ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message);
        while (!reader.AtEnd)
        {
            var tag = reader.Tag();
            switch (tag & 7)
            {
                case WireReader.BytesType:
                    if (!_bytes.TryGetValue(tag >> 3, out var values))
                        _bytes[tag >> 3] = values = [];
                    values.Add(reader.Bytes().ToArray());
                    break;
                case WireReader.VarintType:
                    _numbers[tag >> 3] = reader.Varint();
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }
    }

    public byte[]? Bytes(uint field) => _bytes.TryGetValue(field, out var values) ? values[^1] : null;

    public IEnumerable<byte[]> Repeated(uint field) => _bytes.TryGetValue(field, out var values) ? values : [];

    public string String(uint field) => Bytes(field) is { } value ? Encoding.UTF8.GetString(value) : string.Empty;

    public ulong Number(uint field) => _numbers.GetValueOrDefault(field);

    /// <summary>An <c>ActorRefData {1 path}</c>; null when absent or empty.</summary>
    public string? ActorPath(uint field) => Bytes(field) is { } value && new FieldMap(value).String(1) is { Length: > 0 } path ? path : null;
}
