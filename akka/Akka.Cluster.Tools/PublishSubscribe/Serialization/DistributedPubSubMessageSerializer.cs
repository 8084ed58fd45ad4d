using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Cluster.Tools.Internal;
using Akka.Serialization;

namespace Akka.Cluster.Tools.PublishSubscribe.Serialization;

public class DistributedPubSubMessageSerializer : SerializerWithStringManifest
{
    private const string SendManifest = "C";
    private const string SendToAllManifest = "D";
    private const string PublishManifest = "E";

    private readonly PayloadCodec _payloads;

    public DistributedPubSubMessageSerializer(ExtendedActorSystem system)
        : base(system) =>
        _payloads = new PayloadCodec(system);

    public override string Manifest(object o) => o switch
    {
        Send => SendManifest,
        SendToAll => SendToAllManifest,
        Publish => PublishManifest,
        _ => throw new ArgumentException($"{GetType().Name} has no manifest for {o.GetType()}.", nameof(o)),
    };

    public override byte[] ToBinary(object obj) => obj switch
    {
        Send send => ToBinary(send.Path, send.LocalAffinity, send.Message),
        SendToAll send => ToBinary(send.Path, send.ExcludeSelf, send.Message),
        Publish publish => ToBinary(publish.Topic, false, publish.Message),
        _ => throw new ArgumentException($"{GetType().Name} does not serialize {obj.GetType()}.", nameof(obj)),
    };

    public override object FromBinary(byte[] bytes, string manifest)
    {
        var (target, flag, message) = Read(bytes);
        return manifest switch
        {
            SendManifest => new Send(target, message, flag),
            SendToAllManifest => new SendToAll(target, message, flag),
            PublishManifest => new Publish(target, message),
            _ => throw new SerializationException($"{GetType().Name} does not know the manifest '{manifest}'."),
        };
    }

    /// <summary>All three are <c>{1 path or topic, 2 flag, 3 payload}</c>; of Publish the flag is not sent.</summary>
    private byte[] ToBinary(string target, bool flag, object message) => ProtobufFields.Message(output =>
    {
        output.WriteText(1, target);
        output.WriteFlag(2, flag);
        output.WriteData(3, _payloads.Encode(message));
    });

    private (string Target, bool Flag, object Message) Read(byte[] bytes)
    {
        var (target, flag) = ("", false);
        object? message = null;
        ProtobufFields.Read(bytes, (field, input) =>
        {
            switch (field)
            {
                case 1:
                    target = input.ReadString();
                    return true;
                case 2:
                    flag = input.ReadBool();
                    return true;
                case 3:
                    message = _payloads.Decode(input.ReadBytes().ToByteArray());
                    return true;
                default:
                    return false;
            }
        });
        return (target, flag, message ?? throw new SerializationException($"A message for '{target}' has no payload."));
    }
}
