using System.Collections.Immutable;
using Akka.Configuration;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;

namespace Dynamo.Client;

/// <summary>Options of a client. Immutable: derive variants with <c>with</c>.</summary>
public sealed record DynamoClientOptions
{
    /// <summary>Addresses of some nodes. One that answers is enough: the client learns the rest of the cluster from it.</summary>
    public ImmutableArray<NodeAddress> Contacts { get; init; } = [];

    /// <summary>Time limit for a request, including attempts at other nodes. More than 0, at most 1 h.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Time limit for one node's answer. After it a get goes to the next replica, and other requests avoid the node for a while. A put that may
    /// have reached its node is resent only with <see cref="ResendsPuts"/>.
    /// </summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Whether a put or delete that gets no answer within <see cref="AttemptTimeout"/> is resent to the next replica, so that a node that dies or hangs
    /// fails no write. Copies of the same put merge into one. But if the first copy took effect, and was read and replaced before the second arrived, its
    /// value reappears as a sibling. Without this option such a put fails after <see cref="Timeout"/>, and may have taken effect.
    /// </summary>
    public bool ResendsPuts { get; init; }

    /// <summary>How often the client checks whether ring or members have changed. It also checks when a reply shows a change.</summary>
    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The host name or address by which nodes' logs show this client. Nodes answer over the client's own connections and never dial it, so it need not be
    /// reachable or unique.
    /// </summary>
    public string Hostname { get; init; } = "127.0.0.1";

    /// <summary>Overrides of the client's own Akka.NET configuration.</summary>
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
/// <param name="Ttl">How long the value of a put lives, from 1 s to 100 years; <see cref="TimeSpan.Zero"/>: it does not expire. Gets and deletes ignore it.</param>
public sealed record RequestSettings(
    int? N = null, int? R = null, int? W = null, int? PR = null, int? PW = null, int? DW = null, TimeSpan? Timeout = null, TimeSpan? Ttl = null)
    : QuorumOverrides(N, R, W, PR, PW, DW)
{
    /// <summary>Keeps everything the bucket and the client set.</summary>
    public static readonly RequestSettings Default = new();
}
