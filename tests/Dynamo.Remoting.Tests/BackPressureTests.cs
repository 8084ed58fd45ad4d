using Akka.Remote.Transport;
using Dynamo.Remoting.Tests.Support;

namespace Dynamo.Remoting.Tests;

public sealed class BackPressureTests() : TransportTest(flushWait: "2s")
{
    private const int HighWaterMark = 256 * 1024;
    private const string Small = "write-buffer-high-water-mark = 256KiB\nsend-buffer-size = 64KiB\nreceive-buffer-size = 64KiB";

    [Theory]
    [InlineData(1_000)]
    [InlineData(100_000)]
    public async Task A_peer_that_does_not_read_is_written_to_up_to_the_mark_and_later_gets_it_all(int size)
    {
        var (a, b) = (await Start(Small), await Start(Small));
        var (here, there) = await a.ConnectTo(b);
        var taken = Fill(here, size);
        Assert.True(Counted("writes.refused") > 0);

        var inbox = Node.Listen(there);
        for (var i = 0; i < taken; i++) AssertNumbered(i, size, await inbox.Next());
        Until(() => ((SocketAssociationHandle)here).Waiting == 0);
        Assert.True(here.Write(Numbered(taken, size)));
        AssertNumbered(taken, size, await inbox.Next());
        Assert.True(inbox.IsEmpty, "what was refused must not arrive");
    }

    [Fact]
    public async Task A_peer_that_never_reads_does_not_delay_a_leaving_node_beyond_its_flush_wait()
    {
        var a = await Start(Small);
        var (peer, handle, inbox) = await a.RawPeer();
        Fill(handle, 1_000);
        handle.Disassociate("the test is done with it", Log);
        await inbox.Ended;
        Assert.False(handle.Write(Numbered(0, 100)));
        peer.Dispose();
    }

    /// <summary>Writes until no frame is accepted and no send progresses; the waiting bytes stay within the limit meanwhile.</summary>
    /// <returns>The number of accepted frames.</returns>
    private int Fill(AssociationHandle handle, int size)
    {
        var taken = 0;
        AwaitCondition(() =>
        {
            var before = taken;
            while (handle.Write(Numbered(taken, size))) taken++;
            Assert.InRange(((SocketAssociationHandle)handle).Waiting, 0, HighWaterMark + size + FrameFormat.HeaderSize);
            return taken == before;
        }, Given.Long, TimeSpan.FromMilliseconds(100));
        return taken;
    }
}
