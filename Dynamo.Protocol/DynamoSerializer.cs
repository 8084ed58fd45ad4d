using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using Dynamo.Core.Wire;

namespace Dynamo.Protocol;

/// <summary>The serializer of all the product's messages, by the table in <see cref="Forms"/>. Incoming bytes name no type and are not trusted.</summary>
public sealed class DynamoSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Part of the wire contract: never changed.</summary>
    public const int SerializerId = 4607;

    // Serialization runs on the sending thread; each thread keeps the buffer it grew.
    [ThreadStatic]
    private static ByteWriter? t_writer;

    public override int Identifier => SerializerId;

    public override string Manifest(object o) => FormOf(o).Manifest;

    public override byte[] ToBinary(object obj)
    {
        var to = t_writer ??= new ByteWriter(4096);
        to.Clear();
        FormOf(obj).Write(to, obj);
        return to.ToArray();
    }

    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (!Forms.ByManifest.TryGetValue(manifest, out var form)) throw new SerializationException($"no message of the wire protocol has the manifest '{manifest}'");
        var from = new ByteReader(bytes);
        try
        {
            var message = form.Read(ref from);
            from.End();
            return message;
        }
        catch (MalformedBytesException e)
        {
            throw new SerializationException($"a message with the manifest '{manifest}' is malformed: {e.Message}", e);
        }
    }

    private static Form FormOf(object message) =>
        Forms.ByType.TryGetValue(message.GetType(), out var form) ? form
            : throw new ArgumentException($"{message.GetType()} is not a message of the wire protocol", nameof(message));
}
