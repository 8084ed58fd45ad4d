using System.Text;
using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace Akka.Remote;

/// <summary>A reference to an actor that may be on another node.</summary>
public interface IRemoteRef : IActorRefScope;

/// <summary>
/// An actor of another system: what it is told goes to the transport. It keeps its path as it goes over the wire, and the association
/// to its address, so that a message costs neither parsing nor a lookup.
/// </summary>
public class RemoteActorRef : InternalActorRefBase, IRemoteRef
{
    private readonly IInternalActorRef _parent;
    private readonly Deploy? _deploy;
    private readonly Props? _props;
    private ActorPath? _path;
    private byte[]? _wirePath;

    public RemoteActorRef(RemoteTransport remote, Address localAddressToUse, ActorPath path, IInternalActorRef parent, Props? props, Deploy? deploy)
    {
        Remote = remote;
        LocalAddressToUse = localAddressToUse;
        _path = path;
        _parent = parent;
        _props = props;
        _deploy = deploy;
    }

    internal RemoteActorRef(RemoteTransport remote, Association association, byte[] wirePath)
    {
        Remote = remote;
        LocalAddressToUse = association.Local;
        Association = association;
        _wirePath = wirePath;
        _parent = ActorRefs.Nobody;
    }

    public Address LocalAddressToUse { get; }

    public override ActorPath Path => _path ??= ActorPath.Parse(Encoding.UTF8.GetString(_wirePath!));

    public override IInternalActorRef Parent => _parent;

    public override IActorRefProvider Provider => Remote.Provider;

    /// <summary>Always false: nobody here can know.</summary>
    public override bool IsTerminated => false;

    public override bool IsLocal => false;

    internal RemoteTransport Remote { get; }

    /// <summary>Set at the first message; an address has one association for as long as this system lives.</summary>
    internal Association? Association { get; set; }

    internal byte[] WirePath => _wirePath ??= Encoding.UTF8.GetBytes(Path.ToSerializationFormat());

    public override IActorRef GetChild(IReadOnlyList<string> name)
    {
        var path = Path;
        foreach (var element in name)
        {
            if (element == "..")
                path = path.Parent ?? path;
            else if (element.Length > 0)
                path /= element;
        }
        return path == Path ? this : new RemoteActorRef(Remote, LocalAddressToUse, path, ActorRefs.Nobody, null, null);
    }

    public override void Start()
    {
        if (_props is not null && _deploy is not null)
            Remote.Provider.UseActorOnNode(this, _props, _deploy, _parent);
    }

    public override void Suspend() => SendSystemMessage(new Suspend());

    public override void Resume(Exception? causedByFailure = null) => SendSystemMessage(new Resume(causedByFailure));

    public override void Restart(Exception cause) => SendSystemMessage(new Recreate(cause));

    public override void Stop() => SendSystemMessage(new Terminate());

    public override void SendSystemMessage(ISystemMessage message)
    {
        switch (message)
        {
            case Watch watch when IsWatchIntercepted(watch.Watchee, watch.Watcher):
                Remote.Provider.RemoteWatcher.Tell(new RemoteWatcher.WatchRemote(watch.Watchee, watch.Watcher));
                break;
            case Unwatch unwatch when IsWatchIntercepted(unwatch.Watchee, unwatch.Watcher):
                Remote.Provider.RemoteWatcher.Tell(new RemoteWatcher.UnwatchRemote(unwatch.Watchee, unwatch.Watcher));
                break;
            default:
                Remote.Send(message, null, this);
                break;
        }
    }

    /// <summary>True where the remote watcher watches in the watcher's stead, which adds heartbeats to the node of the watched.</summary>
    protected internal bool IsWatchIntercepted(IActorRef watchee, IActorRef watcher) =>
        !watcher.Equals(Remote.Provider.RemoteWatcher) && watchee.Equals(this);

    protected override void TellInternal(object message, IActorRef sender)
    {
        ArgumentNullException.ThrowIfNull(message);
        Remote.Send(message, sender, this);
    }
}
