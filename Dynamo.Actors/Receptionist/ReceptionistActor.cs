using Akka.Actor;
using Akka.Cluster.Tools.Client;
using Akka.Cluster.Tools.Client.Serialization;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Event;
using Dynamo.Actors.Shared;
using Dynamo.Core.Membership;
using Dynamo.Protocol;

namespace Dynamo.Actors.Receptionist;

/// <summary>
/// Serves Akka.Cluster.Tools' stock ClusterClient at /system/receptionist. The stock receptionist needs Akka.Cluster's membership, so
/// this one speaks the same protocol with the project's own: contacts are the members that are believed up, and what a client sends to
/// a path goes to this node's actor there (docs/decisions/0002-own-receptionist.md).
/// </summary>
public sealed class ReceptionistActor : UntypedActor
{
    private readonly ClusterClientMessageSerializer _messages;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private ClusterView? _view;

    public ReceptionistActor() => _messages = new ClusterClientMessageSerializer((ExtendedActorSystem)Context.System);

    public static Props Props() => Akka.Actor.Props.Create(() => new ReceptionistActor());

    // A system actor is restarted by its own guardian: the node hears of it here, and tells who there is.
    protected override void PostRestart(Exception reason)
    {
        base.PostRestart(reason);
        Context.ActorSelection($"/user/{NodePaths.Root}").Tell(new ReceptionistRestarted(reason), Self);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case IClusterClientMessage client: OnClient(client); break;
            case Send send: Deliver(send.Path, send.Message); break;
            case SendToAll send: Deliver(send.Path, send.Message); break;
            case ViewChanged changed: _view = changed.View; break;
            default: Unhandled(message); break;
        }
    }

    // The protocol's messages are internal to the package; their manifests and binary forms are its public contract.
    private void OnClient(IClusterClientMessage message)
    {
        switch (_messages.Manifest(message))
        {
            case "B": Sender.Tell(_messages.FromBinary(Contacts(), "A")); break;
            case "C": Sender.Tell(_messages.FromBinary([], "D")); break;
            default: Unhandled(message); break;
        }
    }

    // Contacts { repeated string path = 1 }
    private byte[] Contacts()
    {
        using var stream = new MemoryStream();
        var own = ((ExtendedActorSystem)Context.System).Provider.DefaultAddress;
        foreach (var path in Addresses(own).Select(a => new RootActorPath(a) / "system" / NodePaths.Receptionist))
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(path.ToString());
            stream.WriteByte(0x0a);
            WriteLength(stream, bytes.Length);
            stream.Write(bytes);
        }
        return stream.ToArray();
    }

    private IEnumerable<Address> Addresses(Address own)
    {
        if (_view is null) return [own];
        return _view.State.Present.Where(m => _view.IsHealthy(m.Id)).Select(m => own.WithHost(m.Address.Host).WithPort(m.Address.Port));
    }

    private static void WriteLength(MemoryStream stream, int length)
    {
        for (; length >= 0x80; length >>= 7) stream.WriteByte((byte)(length | 0x80));
        stream.WriteByte((byte)length);
    }

    private void Deliver(string path, object message)
    {
        // Only the product's own actors are open to clients.
        if (path.StartsWith($"/user/{NodePaths.Root}/", StringComparison.Ordinal)) Context.ActorSelection(path).Tell(message, Sender);
        else _log.Warning("a client at {0} wants to reach {1}: not open to clients", Sender.Path.Address, path);
    }
}
