using Dynamo.Core.Calls;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Client.Proxy;

/// <summary>A caller's request and the task for its reply.</summary>
internal sealed class Call(ClientRequest request, TimeSpan timeout)
{
    private readonly TaskCompletionSource<ClientReply> _reply = new();
    private ClientReply? _answer;
    private Exception? _failure;

    public ClientRequest Request { get; } = request;

    /// <summary>The call's number, unique within the proxy.</summary>
    public long Number { get; set; }

    public TimeSpan Timeout { get; } = timeout;

    public Task<ClientReply> Reply => _reply.Task;

    /// <summary>Decides which nodes the call goes to. Set when the proxy takes the call.</summary>
    public CallRoute Route { get; set; } = null!;

    /// <summary>The attempts without an outcome yet.</summary>
    public List<Attempt> Open { get; } = [];

    /// <summary>Text to append to the error when the call fails without an answer.</summary>
    public string Doubt => Route?.MayHaveTakenEffect == true ? "; the write may have taken effect" : "";

    /// <summary>Sets the outcome; <see cref="Complete"/> delivers it.</summary>
    public void EndWith(ClientReply answer) => _answer = answer;

    /// <inheritdoc cref="EndWith(ClientReply)"/>
    public void EndWith(Exception failure) => _failure = failure;

    /// <summary>Completes the caller's task; the caller's continuation runs on this thread.</summary>
    public void Complete()
    {
        if (_answer is { } answer) _reply.TrySetResult(answer);
        else if (_failure is { } failure) Fail(failure);
    }

    public void Fail(Exception e) => _reply.TrySetException(e);
}

/// <summary>One attempt of a call at a node; the id is the request's id on the wire.</summary>
internal sealed record Attempt(long Id, NodeId Node, Call Call)
{
    private List<ReadOnlyMemory<byte>>? _values;

    /// <summary>Keeps the values of a reply that more replies follow.</summary>
    public void Add(GetReply part) => (_values ??= []).AddRange(part.Values);

    /// <summary>The last reply, with the values that came before it.</summary>
    public ClientReply Whole(ClientReply last) => _values is not null && last is GetReply got ? got with { Values = [.. _values, .. got.Values] } : last;
}
