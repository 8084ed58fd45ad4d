using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Dynamo.Remoting.Tests.Support;
using Google.Protobuf;

namespace Dynamo.Remoting.Tests;

public sealed class HostilePeerTests : TransportTest
{
    private const int Limit = 40_000;

    [Theory]
    [InlineData(Limit + 1)]
    [InlineData(int.MaxValue)]
    public async Task A_frame_beyond_the_limit_ends_the_connection_with_one_line_that_names_the_limit(int length)
    {
        var node = await Start($"maximum-frame-size = {Limit}b");
        var (peer, _, inbox) = await node.RawPeer();
        await EventFilter.Warning(contains: $"announced a frame of {length} bytes, maximum-frame-size is {Limit}").ExpectOneAsync(Given.Long, async () =>
        {
            await Send(peer, Header(length));
            await inbox.Ended;
        });
        await ReadToEnd(peer);
        Assert.Equal(1, Counted("frames.refused"));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public async Task A_negative_length_ends_the_connection_with_one_line(int length)
    {
        var node = await Start();
        var (peer, _, inbox) = await node.RawPeer();
        await EventFilter.Warning(contains: $"announced a frame of {length} bytes").ExpectOneAsync(Given.Long, async () =>
        {
            await Send(peer, Header(length));
            await inbox.Ended;
        });
        await ReadToEnd(peer);
        Assert.Equal(1, inbox.Endings);
    }

    [Fact]
    public async Task A_peer_that_speaks_another_protocol_is_refused_and_earlier_frames_arrive()
    {
        var node = await Start();
        var (peer, _, inbox) = await node.RawPeer();
        await EventFilter.Warning(contains: "maximum-frame-size").ExpectOneAsync(Given.Long, async () =>
        {
            await Send(peer, [.. Header(2), 7, 8, .. Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\n\r\n")]);
            await inbox.Ended;
        });
        Assert.Equal([7, 8], Assert.Single(await inbox.Rest()).ToByteArray());
        await ReadToEnd(peer);
    }

    [Fact]
    public async Task Nothing_is_allocated_for_a_frame_that_is_refused()
    {
        var node = await Start();
        var before = GC.GetTotalAllocatedBytes();
        for (var i = 0; i < 20; i++)
        {
            var (peer, _, inbox) = await node.RawPeer();
            await Send(peer, Header(int.MaxValue));
            await inbox.Ended;
            peer.Dispose();
        }

        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, int.MaxValue);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(100)]
    [InlineData(70_004)]
    public async Task A_peer_that_dies_within_a_frame_ends_the_association_once(int sent)
    {
        var node = await Start();
        var (peer, handle, inbox) = await node.RawPeer();
        byte[] frame = [.. Header(100_000), .. new byte[100_000]];
        await Send(peer, [.. Header(3), 1, 2, 3, .. frame[..sent]]);
        Assert.Equal([1, 2, 3], (await inbox.Next()).ToByteArray());
        peer.Shutdown(SocketShutdown.Send);
        await inbox.Ended;
        Assert.Empty(await inbox.Rest());
        Assert.False(handle.Write(ByteString.CopyFrom(1)));
        Assert.Equal(1, inbox.Endings);
    }

    [Fact]
    public async Task A_peer_that_resets_the_connection_ends_the_association_once()
    {
        var node = await Start();
        var (peer, _, inbox) = await node.RawPeer();
        peer.LingerState = new LingerOption(enable: true, seconds: 0);
        peer.Dispose();
        await inbox.Ended;
        Assert.Equal(1, inbox.Endings);
    }

    [Theory]
    [InlineData(1_000, 0)]
    [InlineData(70_000, 65_000)]
    public async Task A_frame_that_arrives_in_pieces_is_received_whole(int length, int atOnce)
    {
        var node = await Start();
        var (peer, _, inbox) = await node.RawPeer();
        var payload = Numbered(5, length);
        byte[] frame = [.. Header(length), .. payload.Span];
        await Send(peer, frame[..atOnce]);
        foreach (var b in frame[atOnce..]) await Send(peer, b);
        Assert.Equal(payload, await inbox.Next());
    }

    [Fact]
    public async Task A_frame_of_exactly_the_limit_is_received()
    {
        var node = await Start($"maximum-frame-size = {Limit}b");
        var (peer, _, inbox) = await node.RawPeer();
        await Send(peer, [.. Header(Limit), .. Numbered(1, Limit).Span]);
        AssertNumbered(1, Limit, await inbox.Next());
    }

    [Fact]
    public async Task An_empty_frame_is_ignored()
    {
        var node = await Start();
        var (peer, _, inbox) = await node.RawPeer();
        await Send(peer, [.. Header(0), .. Header(1), 9]);
        Assert.Equal([9], (await inbox.Next()).ToByteArray());
    }

    [Fact]
    public async Task A_silent_connection_blocks_neither_others_nor_the_transports_shutdown()
    {
        var node = await Start();
        var silent = await node.RawPeer();
        var other = await Start();
        var (here, _, _, there) = await other.TalkTo(node);
        Assert.True(here.Write(Numbered(1, 100)));
        AssertNumbered(1, 100, await there.Next());
        var closing = node.Transport.Shutdown();
        Assert.Equal(0, await ReadToEnd(silent.Peer));
        silent.Peer.Dispose();
        await closing.WaitAsync(Given.Long);
        await silent.Inbox.Ended;
    }

    private static byte[] Header(int length)
    {
        var header = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(header, length);
        return header;
    }
}
