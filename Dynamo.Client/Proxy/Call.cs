using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Client.Proxy;

/// <summary>A request that the proxy carries, from its caller's task to the reply.</summary>
internal sealed class Call(ClientRequest request, TimeSpan timeout)
{
    private readonly TaskCompletionSource<ClientReply> _reply = new();

    /// <summary>As it is sent; the proxy gives it its id.</summary>
    public ClientRequest Request { get; set; } = request;

    public TimeSpan Timeout { get; } = timeout;

    public Task<ClientReply> Reply => _reply.Task;

    public TimeSpan Deadline { get; set; }

    public TimeSpan AttemptDeadline { get; set; }

    /// <summary>A put is under way to some node, or was and got no answer.</summary>
    public bool MayHaveTakenEffect { get; set; }

    public List<NodeId> Tried { get; } = [];

    /// <summary>The last reason a node gave for not serving it.</summary>
    public RequestFailed? LastRefusal { get; set; }

    public void Complete(ClientReply reply) => _reply.TrySetResult(reply);

    public void Fail(Exception e) => _reply.TrySetException(e);
}
