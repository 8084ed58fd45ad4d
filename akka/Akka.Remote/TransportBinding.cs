using Akka.Actor;
using Akka.Remote.Transport;

namespace Akka.Remote;

/// <summary>One transport that this system listens by, and what goes with its address.</summary>
internal sealed class TransportBinding(Transport.Transport transport, Address transportAddress, LinkContext context, MessageCodec codec)
{
    private const string Augmentation = "akka.";

    public Transport.Transport Transport { get; } = transport;

    /// <summary>This system's address, as other systems' references name it: <c>akka.tcp://…</c>.</summary>
    public Address Address { get; } = Augmented(transportAddress);

    public LinkContext Context { get; } = context;

    public MessageCodec Codec { get; } = codec;

    public static Address Augmented(Address address) => address.WithProtocol(Augmentation + address.Protocol);

    /// <summary>The bare transport's form of an address: <c>tcp://…</c>.</summary>
    public Address ToTransportAddress(Address remote) => remote.WithProtocol(remote.Protocol[Augmentation.Length..]);

    public bool Reaches(Address remote) =>
        remote.Protocol == Address.Protocol && Transport.IsResponsibleFor(ToTransportAddress(remote));
}
