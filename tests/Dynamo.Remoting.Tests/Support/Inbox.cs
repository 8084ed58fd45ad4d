using System.Threading.Channels;
using Akka.Remote.Transport;
using Google.Protobuf;

namespace Dynamo.Remoting.Tests.Support;

/// <summary>Everything that one end of a connection receives.</summary>
internal sealed class Inbox : IHandleEventListener
{
    private readonly Channel<ByteString> _payloads = Channel.CreateUnbounded<ByteString>();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _endings;

    /// <summary>Number of notifications of the association's end.</summary>
    public int Endings => Volatile.Read(ref _endings);

    public bool IsEmpty => !_payloads.Reader.TryPeek(out _);

    public Task Ended => _ended.Task.WaitAsync(Given.Long);

    public void Notify(IHandleEvent ev)
    {
        switch (ev)
        {
            case InboundPayload payload:
                Assert.True(_payloads.Writer.TryWrite(payload.Payload), "a payload came after the end");
                break;
            case Disassociated:
                Interlocked.Increment(ref _endings);
                _payloads.Writer.TryComplete();
                _ended.TrySetResult();
                break;
        }
    }

    public async Task<ByteString> Next()
    {
        using var deadline = new CancellationTokenSource(Given.Long);
        return await _payloads.Reader.ReadAsync(deadline.Token);
    }

    /// <summary>All payloads until the end.</summary>
    public async Task<List<ByteString>> Rest()
    {
        using var deadline = new CancellationTokenSource(Given.Long);
        return await _payloads.Reader.ReadAllAsync(deadline.Token).ToListAsync(deadline.Token);
    }
}
