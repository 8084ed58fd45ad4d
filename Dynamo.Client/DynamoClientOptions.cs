using System.Collections.Immutable;
using Akka.Configuration;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;

namespace Dynamo.Client;

/// <summary>How a client finds and talks to its cluster. Immutable: derive another with <c>with</c>.</summary>
public sealed record DynamoClientOptions
{
    /// <summary>Addresses of some nodes; one that answers is enough, the rest is learnt from it.</summary>
    public ImmutableArray<NodeAddress> Contacts { get; init; } = [];

    /// <summary>For one request in all, tries at other nodes included.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// For one node to answer before a get goes to the next replica, and other requests avoid the node for a while. A put that may have
    /// reached its node is sent again only with <see cref="ResendsPuts"/>.
    /// </summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Whether a put or delete that its node did not answer within <see cref="AttemptTimeout"/> goes to the next replica too, so that a node that dies or
    /// hangs fails no write. Copies of one put that meet are one. But where the first took effect after all, and was read and replaced before the
    /// second came, its value is back as a sibling; without this, such a put fails after <see cref="Timeout"/>, and may have taken effect.
    /// </summary>
    public bool ResendsPuts { get; init; }

    /// <summary>How often the client asks whether ring and members have changed; it also asks when a reply shows that they have.</summary>
    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Where this process can be reached by the nodes; the port is chosen by the system.</summary>
    public string Hostname { get; init; } = "127.0.0.1";

    /// <summary>Laid over the client's own Akka.NET configuration.</summary>
    public Config AkkaConfig { get; init; } = Config.Empty;
}

/// <summary>Options of one request; null keeps the bucket's number, or the client's timeout.</summary>
/// <param name="N">Replicas that take part, from 1 to 16. Copies beyond the bucket's own N serve this request alone: they are not kept.</param>
/// <param name="R">Replicas that must answer a get, from 1 to N.</param>
/// <param name="W">Nodes that must store a put, from 1 to N.</param>
/// <param name="PR">Primaries that must answer a get, from 0 to N.</param>
/// <param name="PW">Primaries that must store a put, from 0 to N.</param>
/// <param name="DW">Nodes that must have a put on disk, from 0 to N.</param>
/// <param name="Timeout">More than 0, at most 1 h.</param>
public sealed record RequestSettings(
    int? N = null, int? R = null, int? W = null, int? PR = null, int? PW = null, int? DW = null, TimeSpan? Timeout = null) : QuorumOverrides(N, R, W, PR, PW, DW)
{
    /// <summary>Keeps everything the bucket and the client set.</summary>
    public static readonly RequestSettings Default = new();
}
