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
/// Serves Akka.Cluster.Tools' stock ClusterClient at /system/receptionist. The stock receptionist needs Akka.Cluster's membership, so this
/// one speaks the same protocol over the project's own: the contacts are the members believed up, and a client's message to a path goes to
/// this node's actor at that path (docs/decisions/0002-own-receptionist.md).
/// </summary>
public sealed class ReceptionistActor : UntypedActor
{
    private readonly ClusterClientMessageSerializer _messages;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private ClusterView? _view;

    public ReceptionistActor() => _messages = new ClusterClientMessageSerializer((ExtendedActorSystem)Context.System);

    public static Props Props() => Akka.Actor.Props.Create(() => new ReceptionistActor());

    // A system actor is restarted by its own guardian, so the node learns of it here, and sends the current view.
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

    // The protocol's message types are internal to the package; their manifests and binary formats are its public contract.
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
        // Clients may reach only the product's own actors.
        if (path.StartsWith($"/user/{NodePaths.Root}/", StringComparison.Ordinal)) Context.ActorSelection(path).Tell(message, Sender);
        else _log.Warning("refused a client's message from {0} to {1}: that path is not open to clients", Sender.Path.Address, path);
    }
}
