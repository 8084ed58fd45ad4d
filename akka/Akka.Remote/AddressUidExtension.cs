using Akka.Actor;
using Akka.Actor.Internal;

namespace Akka.Remote;

/// <summary>The number that tells one incarnation of an actor system from another at the same address.</summary>
public class AddressUid : IExtension
{
    /// <summary>Random, not negative.</summary>
    public readonly int Uid;

    public AddressUid()
        : this(Random.Shared.Next())
    {
    }

    internal AddressUid(int uid) => Uid = uid;
}

public class AddressUidExtension : ExtensionIdProvider<AddressUid>
{
    public static int Uid(ActorSystem system) => system.WithExtension<AddressUid, AddressUidExtension>().Uid;

    public override AddressUid CreateExtension(ExtendedActorSystem system) => new(((ActorSystemImpl)system).NewUid());
}
