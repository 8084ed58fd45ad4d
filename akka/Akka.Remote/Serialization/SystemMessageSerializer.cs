using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Serialization;

namespace Akka.Remote.Serialization;

/// <summary>
/// The system messages that go between nodes. Watch and Unwatch <c>{1 watchee, 2 watcher}</c>; DeathWatchNotification
/// <c>{1 actor, 2 existenceConfirmed, 3 addressTerminated}</c>; Suspend and Terminate, which are empty.
/// </summary>
public sealed class SystemMessageSerializer(ExtendedActorSystem system) : Serializer(system)
{
    public override bool IncludeManifest => true;

    public override byte[] ToBinary(object obj) => obj switch
    {
        Watch watch => WatchToBinary(watch.Watchee, watch.Watcher),
        Unwatch unwatch => WatchToBinary(unwatch.Watchee, unwatch.Watcher),
        DeathWatchNotification notification => new FieldBuilder().ActorRef(1, notification.Actor)
            .Number(2, notification.ExistenceConfirmed ? 1u : 0).Number(3, notification.AddressTerminated ? 1u : 0).ToArray(),
        Suspend or Terminate => [],
        _ => throw new SerializationException($"System message [{obj.GetType()}] does not go between nodes"),
    };

    public override object FromBinary(byte[] bytes, Type? type)
    {
        if (type == typeof(Watch) && WatchFromBinary(bytes) is var (watchee, watcher))
            return new Watch(watchee, watcher);
        if (type == typeof(Unwatch) && WatchFromBinary(bytes) is var (unwatchee, unwatcher))
            return new Unwatch(unwatchee, unwatcher);
        if (type == typeof(DeathWatchNotification))
        {
            var fields = new FieldMap(bytes);
            return new DeathWatchNotification(Resolve(fields, 1), fields.Number(2) != 0, fields.Number(3) != 0);
        }
        if (type == typeof(Suspend))
            return new Suspend();
        if (type == typeof(Terminate))
            return new Terminate();
        throw new SerializationException($"System message [{type}] does not go between nodes");
    }

    private static byte[] WatchToBinary(IActorRef watchee, IActorRef watcher) => new FieldBuilder().ActorRef(1, watchee).ActorRef(2, watcher).ToArray();

    private (IInternalActorRef Watchee, IInternalActorRef Watcher) WatchFromBinary(byte[] bytes)
    {
        var fields = new FieldMap(bytes);
        return (Resolve(fields, 1), Resolve(fields, 2));
    }

    private IInternalActorRef Resolve(FieldMap fields, uint field) => (IInternalActorRef)system.Provider.ResolveActorRef(
        fields.ActorPath(field) ?? throw new SerializationException($"Malformed system message: no reference in field {field}"));
}
