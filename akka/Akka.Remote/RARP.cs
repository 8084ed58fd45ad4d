using Akka.Actor;

namespace Akka.Remote;

/// <summary>Gives the remote provider of an actor system.</summary>
internal sealed class RARP : ExtensionIdProvider<RARP>, IExtension
{
    private readonly IRemoteActorRefProvider? _provider;

    public RARP()
    {
    }

    private RARP(IRemoteActorRefProvider provider) => _provider = provider;

    public IRemoteActorRefProvider Provider => _provider!;

    public static RARP For(ActorSystem system) => system.WithExtension<RARP, RARP>();

    public override RARP CreateExtension(ExtendedActorSystem system) => system.Provider is IRemoteActorRefProvider provider
        ? new RARP(provider)
        : throw new NotSupportedException($"The actor system needs akka.actor.provider = remote; it has {system.Provider.GetType()}");
}
