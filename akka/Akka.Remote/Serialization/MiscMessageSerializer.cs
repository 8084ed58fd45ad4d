using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;

namespace Akka.Remote.Serialization;

/// <summary>The runtime's own ordinary messages between nodes.</summary>
public sealed class MiscMessageSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string IdentifyManifest = "ID";
    private const string ActorIdentityManifest = "AID";
    private const string ActorRefManifest = "AR";
    private const string PoisonPillManifest = "PP";
    private const string KillManifest = "K";
    private const string StatusSuccessManifest = "STS";
    private const string StatusFailureManifest = "STF";
    private const string HeartbeatManifest = "RWHB";
    private const string HeartbeatRspManifest = "RWHR";

    public override byte[] ToBinary(object obj) => obj switch
    {
        Identify identify => OptionalPayload(identify.MessageId).ToArray(),
        ActorIdentity identity => OptionalPayload(identity.MessageId).String(2, PathOf(identity.Subject)).ToArray(),
        IActorRef actorRef => new FieldBuilder().String(1, PathOf(actorRef)).ToArray(),
        PoisonPill or Kill or RemoteWatcher.Heartbeat => [],
        Status.Success success => OptionalPayload(success.Status).ToArray(),
        Status.Failure failure => FailureToBinary(failure),
        RemoteWatcher.HeartbeatRsp response => new FieldBuilder().Number(1, unchecked((ulong)response.AddressUid)).ToArray(),
        _ => throw Unknown(obj),
    };

    public override string Manifest(object obj) => obj switch
    {
        Identify => IdentifyManifest,
        ActorIdentity => ActorIdentityManifest,
        IActorRef => ActorRefManifest,
        PoisonPill => PoisonPillManifest,
        Kill => KillManifest,
        Status.Success => StatusSuccessManifest,
        Status.Failure => StatusFailureManifest,
        RemoteWatcher.Heartbeat => HeartbeatManifest,
        RemoteWatcher.HeartbeatRsp => HeartbeatRspManifest,
        _ => throw Unknown(obj),
    };

    public override object FromBinary(byte[] bytes, string manifest)
    {
        var fields = new FieldMap(bytes);
        return manifest switch
        {
            IdentifyManifest => new Identify(Payload(fields)!),
            ActorIdentityManifest => new ActorIdentity(Payload(fields)!, fields.String(2) is { Length: > 0 } path ? system.Provider.ResolveActorRef(path) : null!),
            ActorRefManifest => fields.String(1) is { Length: > 0 } path ? system.Provider.ResolveActorRef(path) : ActorRefs.Nobody,
            PoisonPillManifest => PoisonPill.Instance,
            KillManifest => Kill.Instance,
            StatusSuccessManifest => new Status.Success(Payload(fields)!),
            StatusFailureManifest => FailureFromBinary(fields),
            HeartbeatManifest => RemoteWatcher.Heartbeat.Instance,
            HeartbeatRspManifest => new RemoteWatcher.HeartbeatRsp(unchecked((int)fields.Number(1))),
            _ => throw new SerializationException($"Unimplemented deserialization of message with manifest [{manifest}] in [{GetType()}]"),
        };
    }

    private static string PathOf(IActorRef? actorRef) => actorRef is null or Nobody ? string.Empty : Akka.Serialization.Serialization.SerializedActorPath(actorRef);

    private static ArgumentException Unknown(object obj) => new($"Cannot serialize object of type [{obj.GetType()}]", nameof(obj));

    // Absent, rather than empty, stands for null.
    private FieldBuilder OptionalPayload(object? inner) =>
        inner is null ? new FieldBuilder() : new FieldBuilder().Nested(1, WrappedPayload.ToBytes(system, inner));

    private object? Payload(FieldMap fields) => fields.Bytes(1) is { } payload ? WrappedPayload.FromBytes(system, payload) : null;

    private byte[] FailureToBinary(Status.Failure failure)
    {
        var bytes = new FieldBuilder();
        if (failure.Cause is { } cause)
            bytes.Nested(1, ExceptionData.ToBytes(cause));
        if (failure.State is { } state)
            bytes.Nested(2, WrappedPayload.ToBytes(system, state));
        return bytes.ToArray();
    }

    private Status.Failure FailureFromBinary(FieldMap fields) => new(
        fields.Bytes(1) is { } cause ? ExceptionData.FromBytes(cause) : new RemoteTransportException("A remote failure without a cause"),
        fields.Bytes(2) is { } state ? WrappedPayload.FromBytes(system, state)! : null!);
}
