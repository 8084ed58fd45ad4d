using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Akka.Actor;
using Akka.Configuration;
using Akka.Remote.Transport;

namespace Dynamo.Remoting.Tests.Support;

/// <summary>A listening transport, without the rest of Akka.Remote on top.</summary>
internal sealed class Node : IAssociationEventListener
{
    private readonly Channel<AssociationHandle> _inbound = Channel.CreateUnbounded<AssociationHandle>();
    private readonly TaskCompletionSource<IAssociationEventListener> _listener;

    private Node(SocketTransport transport, Address address, TaskCompletionSource<IAssociationEventListener> listener)
    {
        Transport = transport;
        Address = address;
        _listener = listener;
    }

    public SocketTransport Transport { get; }

    public Address Address { get; }

    public IPEndPoint EndPoint => new(IPAddress.Parse(Address.Host), Address.Port!.Value);

    public bool HasInbound => _inbound.Reader.TryPeek(out _);

    /// <param name="accepting">False: its connections are not taken before <see cref="Accept"/>.</param>
    public static async Task<Node> Start(ActorSystem system, string tcp = "", bool accepting = true)
    {
        var config = ConfigurationFactory.ParseString($"hostname = \"127.0.0.1\"\nport = 0\n{tcp}");
        var transport = new SocketTransport(system, config);
        var (address, listener) = await transport.Listen();
        var node = new Node(transport, address, listener);
        if (accepting) node.Accept();
        return node;
    }

    public void Accept() => _listener.SetResult(this);

    public void Notify(IAssociationEvent ev) => _inbound.Writer.TryWrite(((InboundAssociation)ev).Association);

    public async Task<AssociationHandle> Inbound()
    {
        using var deadline = new CancellationTokenSource(Given.Long);
        return await _inbound.Reader.ReadAsync(deadline.Token);
    }

    /// <summary>Connects two nodes; neither end receives before it has its listener.</summary>
    public async Task<(AssociationHandle Here, AssociationHandle There)> ConnectTo(Node other)
    {
        var here = await Transport.Associate(other.Address).WaitAsync(Given.Long);
        return (here, await other.Inbound());
    }

    /// <summary>Connects two nodes; both ends receive.</summary>
    public async Task<(AssociationHandle Here, Inbox HereInbox, AssociationHandle There, Inbox ThereInbox)> TalkTo(Node other)
    {
        var (here, there) = await ConnectTo(other);
        return (here, Listen(here), there, Listen(there));
    }

    /// <summary>A peer that need not follow the protocol.</summary>
    public async Task<(Socket Peer, AssociationHandle Handle, Inbox Inbox)> RawPeer()
    {
        var peer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await peer.ConnectAsync(EndPoint).WaitAsync(Given.Long);
        var handle = await Inbound();
        return (peer, handle, Listen(handle));
    }

    public static Inbox Listen(AssociationHandle handle)
    {
        var inbox = new Inbox();
        handle.ReadHandlerSource.SetResult(inbox);
        return inbox;
    }
}
