#if AKKA_BUNDLED
using Akka.Actor;
using Akka.Dispatch.MessageQueues;

namespace Akka.Tests.Actor;

public sealed class EnvelopeQueueTests
{
    private readonly EnvelopeQueue _queue = new();

    private void Add(object message) => _queue.Enqueue(new Envelope(message, ActorRefs.Nobody));

    [Fact]
    public void It_gives_what_it_took_in_its_order_however_long_it_gets()
    {
        int added = 0, taken = 0;
        for (var round = 1; round <= 200; round++)
        {
            for (var i = 0; i < round; i++)
                Add(added++);
            Assert.Equal(added - taken, _queue.Count);
            for (var i = 0; i < round - (round % 3); i++)
            {
                Assert.True(_queue.TryDequeue(out var envelope));
                Assert.Equal((taken++, ActorRefs.Nobody), (envelope.Message, envelope.Sender));
            }
        }

        while (_queue.TryDequeue(out var envelope))
            Assert.Equal(taken++, envelope.Message);
        Assert.Equal(added, taken);
        Assert.True(_queue.IsEmpty);
        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public async Task Many_producers_lose_nothing_and_each_keeps_its_order()
    {
        const int producers = 4;
        const int each = 250_000;
        var next = new int[producers];
        var producing = Task.WhenAll(Enumerable.Range(0, producers).Select(producer => Task.Run(() =>
        {
            for (var i = 0; i < each; i++)
                Add((producer, i));
        })));
        for (var left = producers * each; left > 0;)
        {
            if (!_queue.TryDequeue(out var envelope))
            {
                Assert.False(producing.IsCompleted && _queue.IsEmpty);
                Thread.Yield();
                continue;
            }

            var (producer, number) = ((int, int))envelope.Message;
            Assert.Equal(next[producer]++, number);
            left--;
        }

        await producing;
        Assert.True(_queue.IsEmpty);
    }
}
#endif
