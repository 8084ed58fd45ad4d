using Akka.Actor;

namespace Akka.Cluster.Tools.Internal;

/// <summary>A user's message inside another: <c>{1 bytes, 2 serializerId, 3 manifest}</c>.</summary>
internal sealed class PayloadCodec(ExtendedActorSystem system)
{
    public byte[] Encode(object message)
    {
        var serializer = system.Serialization.FindSerializerFor(message);
        var manifest = Akka.Serialization.Serialization.ManifestFor(serializer, message);
        return ProtobufFields.Message(output =>
        {
            output.WriteData(1, serializer.ToBinary(message));
            output.WriteNumber(2, serializer.Identifier);
            output.WriteText(3, manifest);
        });
    }

    public object Decode(byte[] payload)
    {
        byte[] message = [];
        var (serializerId, manifest) = (0, "");
        ProtobufFields.Read(payload, (field, input) =>
        {
            switch (field)
            {
                case 1:
                    message = input.ReadBytes().ToByteArray();
                    return true;
                case 2:
                    serializerId = input.ReadInt32();
                    return true;
                case 3:
                    manifest = input.ReadString();
                    return true;
                default:
                    return false;
            }
        });
        return system.Serialization.Deserialize(message, serializerId, manifest);
    }
}
