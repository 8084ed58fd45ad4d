using Dynamo.Remoting.Tests.Support;

namespace Dynamo.Remoting.Tests;

public sealed class StreamTests : TransportTest
{
    [Fact]
    public async Task A_million_frames_arrive_in_order_without_loss()
    {
        const int count = 1_000_000;
        var (a, b) = (await Start(), await Start());
        var (here, _, _, inbox) = await a.TalkTo(b);
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < count; i++) await Write(here, Numbered(i, Size(i)));
        });
        for (var i = 0; i < count; i++) AssertNumbered(i, Size(i), await inbox.Next());
        await writing;
        Until(() => Counted("frames.sent") == count);
        Assert.Equal(count, Counted("frames.received"));
        Assert.Equal(Counted("bytes.sent"), Counted("bytes.received"));
        static int Size(int i) => 8 + (i % 120);
    }

    [Fact]
    public async Task Frames_of_every_size_arrive_both_ways_at_once()
    {
        const int largest = 3_000_000;
        int[] sizes = [8, 60, 1_000, 16_379, 16_380, 16_381, 65_531, 65_532, 65_535, 65_536, 65_537, 65_540, 65_541, 131_072, 262_144, 1_000_000, largest];
        var (a, b) = (await Start($"maximum-frame-size = {largest}b"), await Start($"maximum-frame-size = {largest}b"));
        var (here, hereInbox, there, thereInbox) = await a.TalkTo(b);
        await Task.WhenAll(
            Task.Run(() => WriteAll(here)), Task.Run(() => WriteAll(there)),
            Task.Run(() => ReadAll(hereInbox)), Task.Run(() => ReadAll(thereInbox)));

        async Task WriteAll(Akka.Remote.Transport.AssociationHandle handle)
        {
            for (var i = 0; i < 20 * sizes.Length; i++) await Write(handle, Numbered(i, sizes[i * 7 % sizes.Length]));
        }

        async Task ReadAll(Inbox inbox)
        {
            for (var i = 0; i < 20 * sizes.Length; i++) AssertNumbered(i, sizes[i * 7 % sizes.Length], await inbox.Next());
        }
    }

    [Fact]
    public async Task Each_of_several_writer_threads_keeps_its_own_order()
    {
        const int writers = 4;
        const int count = 20_000;
        var (a, b) = (await Start(), await Start());
        var (here, _, _, inbox) = await a.TalkTo(b);
        var writing = Enumerable.Range(0, writers).Select(w => Task.Run(async () =>
        {
            for (var i = 0; i < count; i++) await Write(here, Numbered((long)i * writers + w, 32));
        })).ToArray();
        var next = new long[writers];
        for (var i = 0; i < writers * count; i++)
        {
            var number = BitConverter.ToInt64((await inbox.Next()).Span);
            Assert.Equal(next[number % writers]++, number / writers);
        }

        await Task.WhenAll(writing);
    }

    [Fact]
    public async Task Many_frames_go_in_far_fewer_sends()
    {
        const int count = 100_000;
        var (a, b) = (await Start("write-buffer-high-water-mark = 64MiB"), await Start());
        var (here, there) = await a.ConnectTo(b);
        for (var i = 0; i < count; i++) Assert.True(here.Write(Numbered(i, 100)));
        var inbox = Node.Listen(there);
        for (var i = 0; i < count; i++) AssertNumbered(i, 100, await inbox.Next());
        Until(() => Counted("frames.sent") == count);
        Assert.InRange(Counted("sends"), 1, count / 20);
        Assert.InRange(Counted("receives"), 1, count / 10);
    }

    [Fact]
    public async Task Both_ends_agree_with_the_other_byte_order()
    {
        var (a, b) = (await Start("byte-order = big-endian"), await Start("byte-order = big-endian"));
        var (here, _, _, inbox) = await a.TalkTo(b);
        Assert.True(here.Write(Numbered(1, 300)));
        AssertNumbered(1, 300, await inbox.Next());
    }
}
