using System.Collections.Immutable;
using Akka.Event;

namespace Akka.Cluster.Tools.Client;

/// <summary>What a cluster client and a receptionist say to each other.</summary>
public interface IClusterClientMessage;

internal sealed class GetContacts : IClusterClientMessage, IDeadLetterSuppression
{
    public static readonly GetContacts Instance = new();
}

/// <summary>Paths of receptionists.</summary>
internal sealed class Contacts(ImmutableList<string> contactPoints) : IClusterClientMessage
{
    public ImmutableList<string> ContactPoints { get; } = contactPoints;
}

internal sealed class Heartbeat : IClusterClientMessage, IDeadLetterSuppression
{
    public static readonly Heartbeat Instance = new();
}

internal sealed class HeartbeatRsp : IClusterClientMessage, IDeadLetterSuppression
{
    public static readonly HeartbeatRsp Instance = new();
}

internal sealed class ReceptionistShutdown : IClusterClientMessage, IDeadLetterSuppression
{
    public static readonly ReceptionistShutdown Instance = new();
}
