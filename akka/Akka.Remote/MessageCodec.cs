using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using Akka.Actor;
using Akka.Remote.Wire;
using Akka.Serialization;

namespace Akka.Remote;

/// <summary>
/// Turns messages and references into what goes over the wire, as seen from one of this system's addresses: a local reference within
/// a message is written with that address.
/// </summary>
internal sealed class MessageCodec(ExtendedActorSystem system, Address local)
{
    // More distinct manifests than this are not the names of types: they are then encoded each time.
    private const int MaxManifests = 4096;

    private readonly ConcurrentDictionary<string, byte[]> _manifests = new();
    private readonly ConditionalWeakTable<IActorRef, byte[]> _senderPaths = [];
    private readonly byte[] _tempPrefix = Encoding.UTF8.GetBytes($"{local}/temp/");
    private readonly Information _information = new(local, system);

    /// <exception cref="System.Runtime.Serialization.SerializationException">No serializer takes it, or the one that should fails.</exception>
    public SerializedMessage Serialize(object message)
    {
        var serializer = system.Serialization.FindSerializerFor(message);
        using var scope = new AddressScope(_information);
        var bytes = serializer.ToBinary(message);
        return new SerializedMessage(bytes, serializer.Identifier, ManifestOf(serializer, message));
    }

    public object Deserialize(ReadOnlySpan<byte> bytes, int serializerId, string manifest)
    {
        var serialization = system.Serialization;
        if (serialization.ById(serializerId) is not SerializerWithStringManifest named)
            return serialization.Deserialize(bytes.ToArray(), serializerId, manifest);
        using var scope = new AddressScope(_information);
        return named.FromBinary(bytes.ToArray(), manifest);
    }

    /// <summary>The path that answers come back to; null for none.</summary>
    public byte[]? SenderPath(IActorRef? sender)
    {
        switch (sender)
        {
            case null or Nobody:
                return null;
            case RemoteActorRef remote:
                return remote.WirePath;
            case ActorRefWithCell:
                if (_senderPaths.TryGetValue(sender, out var known))
                    return known;
                return _senderPaths.GetValue(sender, Encode);
            default:
                // An ask's reference lives for one answer: remembering it costs more than writing it.
                return sender.Path is { Depth: 2, Uid: 0, Parent.Name: "temp" } path ? EncodeTemp(path.Name) : Encode(sender);
        }
    }

    private byte[] Encode(IActorRef reference) => Encoding.UTF8.GetBytes(reference.Path.ToSerializationFormatWithAddress(local));

    private byte[] EncodeTemp(string name)
    {
        var bytes = new byte[_tempPrefix.Length + Encoding.UTF8.GetByteCount(name)];
        _tempPrefix.CopyTo(bytes, 0);
        Encoding.UTF8.GetBytes(name, bytes.AsSpan(_tempPrefix.Length));
        return bytes;
    }

    private byte[] ManifestOf(Serializer serializer, object message)
    {
        var manifest = Akka.Serialization.Serialization.ManifestFor(serializer, message);
        if (manifest.Length == 0)
            return [];
        if (_manifests.TryGetValue(manifest, out var known))
            return known;
        var bytes = Encoding.UTF8.GetBytes(manifest);
        if (_manifests.Count < MaxManifests)
            _manifests.TryAdd(manifest, bytes);
        return bytes;
    }
}
