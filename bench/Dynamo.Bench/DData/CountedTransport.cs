using System.Diagnostics.Metrics;
using Akka.Actor;
using Akka.Remote.Transport;
using Google.Protobuf;

namespace Dynamo.Bench.DData;

/// <summary>Wraps Akka.Remote's stock transport with frame counting; configured in <see cref="DDataNode.Common"/>.</summary>
internal sealed class CountedTransportProvider : ITransportAdapterProvider
{
    public Transport Create(Transport wrappedTransport, ExtendedActorSystem system) => new CountedTransport(wrappedTransport);
}

/// <summary>
/// Counts the frames that the wrapped transport accepts, and delegates everything else to it. Unlike Akka.Remote's own adapters it adds no scheme to
/// addresses, and received frames bypass it.
/// </summary>
internal sealed class CountedTransport(Transport below) : Transport
{
    private static readonly Counter<long> FramesSent =
        new Meter("dynamo-bench.ddata").CreateCounter<long>("dynamo-bench.ddata.frames.sent", "{frame}", "Frames that the transport accepted.");

    public override string SchemeIdentifier => below.SchemeIdentifier;

    public override long MaximumPayloadBytes => below.MaximumPayloadBytes;

    public override bool IsResponsibleFor(Address remote) => below.IsResponsibleFor(remote);

    public override async Task<(Address, TaskCompletionSource<IAssociationEventListener>)> Listen()
    {
        var (address, listenerBelow) = await below.Listen();
        var listener = new TaskCompletionSource<IAssociationEventListener>();
        _ = PassOnAsync(listener.Task, listenerBelow);
        return (address, listener);
    }

    public override async Task<AssociationHandle> Associate(Address remoteAddress) => new Handle(await below.Associate(remoteAddress));

    public override Task<bool> Shutdown() => below.Shutdown();

    public override Task<bool> ManagementCommand(object message) => below.ManagementCommand(message);

    private static async Task PassOnAsync(Task<IAssociationEventListener> listener, TaskCompletionSource<IAssociationEventListener> listenerBelow) =>
        listenerBelow.SetResult(new Associations(await listener));

    private sealed class Associations(IAssociationEventListener listener) : IAssociationEventListener
    {
        public void Notify(IAssociationEvent ev) => listener.Notify(ev is InboundAssociation inbound ? new InboundAssociation(new Handle(inbound.Association)) : ev);
    }

    private sealed class Handle : AssociationHandle
    {
        private readonly AssociationHandle _below;

        public Handle(AssociationHandle below)
            : base(below.LocalAddress, below.RemoteAddress)
        {
            _below = below;
            ReadHandlerSource = below.ReadHandlerSource;
        }

        public override bool Write(ByteString payload)
        {
            var isTaken = _below.Write(payload);
            if (isTaken) FramesSent.Add(1);
            return isTaken;
        }

        [Obsolete("Akka.Remote calls the overload with a reason, which calls this one.")]
        public override void Disassociate() => _below.Disassociate();
    }
}
