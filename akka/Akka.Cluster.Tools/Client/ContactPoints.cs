using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Tools.Client;

public interface ISubscribeContactPoints;

public interface IUnsubscribeContactPoints;

public interface IGetContactPoints;

public interface IContactPointChange
{
    ActorPath ContactPoint { get; }
}

/// <summary>To a cluster client: the sender is told the contact points, and from then on each that comes or goes.</summary>
public sealed class SubscribeContactPoints : ISubscribeContactPoints
{
    public static readonly SubscribeContactPoints Instance = new();

    private SubscribeContactPoints()
    {
    }
}

public sealed class UnsubscribeContactPoints : IUnsubscribeContactPoints
{
    public static readonly UnsubscribeContactPoints Instance = new();

    private UnsubscribeContactPoints()
    {
    }
}

/// <summary>To a cluster client, which answers with <see cref="ContactPoints"/>.</summary>
public sealed class GetContactPoints : IGetContactPoints
{
    public static readonly GetContactPoints Instance = new();

    private GetContactPoints()
    {
    }
}

/// <summary>The contact points a cluster client knows.</summary>
public sealed class ContactPoints
{
    public ContactPoints(IImmutableSet<ActorPath> contactPoints) => ContactPointsList = contactPoints;

    public IImmutableSet<ActorPath> ContactPointsList { get; }
}

public sealed class ContactPointAdded : IContactPointChange
{
    public ContactPointAdded(ActorPath contactPoint) => ContactPoint = contactPoint;

    public ActorPath ContactPoint { get; }
}

public sealed class ContactPointRemoved : IContactPointChange
{
    public ContactPointRemoved(ActorPath contactPoint) => ContactPoint = contactPoint;

    public ActorPath ContactPoint { get; }
}
