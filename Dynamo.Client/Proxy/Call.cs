using Dynamo.Core.Calls;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Client.Proxy;

/// <summary>A request that the proxy carries, from its caller's task to the reply.</summary>
internal sealed class Call(ClientRequest request, TimeSpan timeout)
{
    private readonly TaskCompletionSource<ClientReply> _reply = new();
    private ClientReply? _answer;
    private Exception? _failure;

    public ClientRequest Request { get; } = request;

    /// <summary>The proxy's own, among all its calls.</summary>
    public long Number { get; set; }

    public TimeSpan Timeout { get; } = timeout;

    public Task<ClientReply> Reply => _reply.Task;

    /// <summary>Whom it goes to. Set as the proxy takes it.</summary>
    public CallRoute Route { get; set; } = null!;

    /// <summary>The attempts that nothing is known of yet.</summary>
    public List<Attempt> Open { get; } = [];

    /// <summary>What the caller has to be told of it when it fails without an answer.</summary>
    public string Doubt => Route?.MayHaveTakenEffect == true ? "; the write may have taken effect" : "";

    /// <summary>Settles what the caller gets; <see cref="Complete"/> gives it.</summary>
    public void EndWith(ClientReply answer) => _answer = answer;

    /// <inheritdoc cref="EndWith(ClientReply)"/>
    public void EndWith(Exception failure) => _failure = failure;

    /// <summary>Completes the caller's task: its code runs here.</summary>
    public void Complete()
    {
        if (_answer is { } answer) _reply.TrySetResult(answer);
        else if (_failure is { } failure) Fail(failure);
    }

    public void Fail(Exception e) => _reply.TrySetException(e);
}

/// <summary>One sending of a call to a node; the number is the request's id on the wire.</summary>
internal sealed record Attempt(long Id, NodeId Node, Call Call);
