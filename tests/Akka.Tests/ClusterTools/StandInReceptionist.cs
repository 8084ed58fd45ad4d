using Akka.Actor;
using Akka.Cluster.Tools.Client;
using Akka.Cluster.Tools.Client.Serialization;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Configuration;
using Google.Protobuf;

namespace Akka.Tests.ClusterTools;

/// <summary>A receptionist made from public types alone, for a system that is no member of an Akka.Cluster.</summary>
public sealed class StandInReceptionist : ActorBase
{
    private readonly ClusterClientMessageSerializer _serializer;
    private readonly IReadOnlyList<string> _contacts;
    private readonly IActorRef _report;
    private bool _silent;

    public StandInReceptionist(IReadOnlyList<string> contacts, IActorRef report)
    {
        _serializer = new ClusterClientMessageSerializer((ExtendedActorSystem)Context.System);
        _contacts = contacts;
        _report = report;
    }

    public static Config Configuration => ClusterClientReceptionist.DefaultConfig().WithFallback(DistributedPubSub.DefaultConfig());

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case "fall silent":
                _silent = true;
                break;
            case IClusterClientMessage client when !_silent:
                Answer(_serializer.Manifest(client));
                break;
            case Send send:
                Context.ActorSelection(send.Path).Tell(send.Message, Sender);
                break;
            case SendToAll { Message: "who" }:
                _report.Tell(message, Self);
                break;
            case SendToAll or Publish:
                _report.Tell(message, Sender);
                break;
        }

        return true;
    }

    private void Answer(string manifest)
    {
        _report.Tell(manifest, Sender);
        if (manifest == "B") Sender.Tell(_serializer.FromBinary(ContactsBytes(), "A"), Self);
        if (manifest == "C") Sender.Tell(_serializer.FromBinary([], "D"), Self);
    }

    private byte[] ContactsBytes()
    {
        using var buffer = new MemoryStream();
        using (var output = new CodedOutputStream(buffer, leaveOpen: true))
        {
            foreach (var contact in _contacts)
            {
                output.WriteTag(1, WireFormat.WireType.LengthDelimited);
                output.WriteString(contact);
            }
        }

        return buffer.ToArray();
    }
}
