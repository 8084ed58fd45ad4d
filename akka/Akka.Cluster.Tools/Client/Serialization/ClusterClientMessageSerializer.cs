using System.Collections.Immutable;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Cluster.Tools.Internal;
using Akka.Serialization;

namespace Akka.Cluster.Tools.Client.Serialization;

public class ClusterClientMessageSerializer : SerializerWithStringManifest
{
    private const string ContactsManifest = "A";
    private const string GetContactsManifest = "B";
    private const string HeartbeatManifest = "C";
    private const string HeartbeatRspManifest = "D";
    private const string ReceptionistShutdownManifest = "E";

    public ClusterClientMessageSerializer(ExtendedActorSystem system)
        : base(system)
    {
    }

    public override string Manifest(object o) => o switch
    {
        Contacts => ContactsManifest,
        GetContacts => GetContactsManifest,
        Heartbeat => HeartbeatManifest,
        HeartbeatRsp => HeartbeatRspManifest,
        ReceptionistShutdown => ReceptionistShutdownManifest,
        _ => throw new ArgumentException($"{GetType().Name} has no manifest for {o.GetType()}.", nameof(o)),
    };

    /// <summary>Contacts is <c>{1 repeated path}</c>; the others have no content.</summary>
    public override byte[] ToBinary(object obj)
    {
        var paths = (obj as Contacts)?.ContactPoints ?? [];
        _ = Manifest(obj); // refuses what it does not know
        return ProtobufFields.Message(output =>
        {
            foreach (var path in paths) output.WriteText(1, path);
        });
    }

    public override object FromBinary(byte[] bytes, string manifest) => manifest switch
    {
        ContactsManifest => ReadContacts(bytes),
        GetContactsManifest => GetContacts.Instance,
        HeartbeatManifest => Heartbeat.Instance,
        HeartbeatRspManifest => HeartbeatRsp.Instance,
        ReceptionistShutdownManifest => ReceptionistShutdown.Instance,
        _ => throw new SerializationException($"{GetType().Name} does not know the manifest '{manifest}'."),
    };

    private static Contacts ReadContacts(byte[] bytes)
    {
        var paths = ImmutableList.CreateBuilder<string>();
        ProtobufFields.Read(bytes, (field, input) =>
        {
            if (field == 1) paths.Add(input.ReadString());
            return field == 1;
        });
        return new Contacts(paths.ToImmutable());
    }
}
