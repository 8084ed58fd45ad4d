using Akka.Actor;
using Akka.Event;

namespace Akka.Remote;

/// <summary>The remoting of one actor system: takes messages for remote references, and brings in those of others.</summary>
public abstract class RemoteTransport
{
    protected RemoteTransport(ExtendedActorSystem system, RemoteActorRefProvider provider)
    {
        System = system;
        Provider = provider;
        Log = Logging.GetLogger(system, GetType());
    }

    public ExtendedActorSystem System { get; }

    public RemoteActorRefProvider Provider { get; }

    public ILoggingAdapter Log { get; protected set; }

    /// <summary>Every address this system listens at.</summary>
    public abstract ISet<Address> Addresses { get; }

    public abstract Address DefaultAddress { get; }

    public bool logRemoteLifeCycleEvents { get; protected set; }

    public bool UseUntrustedMode { get; protected set; }

    /// <summary>The local address that a remote system knows this one by.</summary>
    /// <exception cref="RemoteTransportException">No transport reaches that address.</exception>
    public abstract Address LocalAddressForRemote(Address remote);

    public abstract void Start();

    public abstract Task Shutdown();

    public abstract void Send(object message, IActorRef? sender, RemoteActorRef recipient);

    public abstract Task<bool> ManagementCommand(object cmd);

    public abstract Task<bool> ManagementCommand(object cmd, CancellationToken cancellationToken);

    /// <summary>Never talks to that incarnation again; with no uid, the address is only gated.</summary>
    public abstract void Quarantine(Address address, int? uid);
}

public class RemoteTransportException : AkkaException
{
    public RemoteTransportException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
