using Akka.Remote;
using Akka.Remote.Transport;
using Dynamo.Remoting.Tests.Support;

namespace Dynamo.Remoting.Tests;

public sealed class AssociationTests : TransportTest
{
    [Fact]
    public async Task Payloads_that_came_before_the_reader_was_ready_are_not_lost()
    {
        const int count = 5_000;
        var (a, b) = (await Start(), await Start());
        var (here, there) = await a.ConnectTo(b);
        for (var i = 0; i < count; i++) Assert.True(here.Write(Numbered(i, 200)));
        here.Disassociate("it has said all", Log);
        var inbox = Node.Listen(there);
        var came = await inbox.Rest();
        Assert.Equal(count, came.Count);
        for (var i = 0; i < count; i++) AssertNumbered(i, 200, came[i]);
        Assert.Equal(1, inbox.Endings);
    }

    [Theory]
    [InlineData(1, 100)]
    [InlineData(10_000, 300)]
    [InlineData(30, 100_000)]
    public async Task Disassociating_flushes_written_payloads(int count, int size)
    {
        var (a, b) = (await Start(), await Start());
        var (here, hereInbox, _, thereInbox) = await a.TalkTo(b);
        for (var i = 0; i < count; i++) Assert.True(here.Write(Numbered(i, size)));
        here.Disassociate("it has said all", Log);
        Assert.False(here.Write(Numbered(0, size)));
        var came = await thereInbox.Rest();
        Assert.Equal(count, came.Count);
        for (var i = 0; i < count; i++) AssertNumbered(i, size, came[i]);
        await hereInbox.Ended;
    }

    [Fact]
    public async Task Both_ends_closing_at_once_are_told_once_each()
    {
        var (a, b) = (await Start(), await Start());
        for (var round = 0; round < 100; round++)
        {
            var (here, hereInbox, there, thereInbox) = await a.TalkTo(b);
            Assert.True(here.Write(Numbered(1, 100)));
            Assert.True(there.Write(Numbered(2, 100)));
            await Task.WhenAll(
                Task.Run(() => here.Disassociate("both close", Log)),
                Task.Run(() => there.Disassociate("both close", Log)));
            await hereInbox.Ended;
            await thereInbox.Ended;
            Assert.Equal((1, 1), (hereInbox.Endings, thereInbox.Endings));
        }

        Until(() => Counted("connections") == 0);
    }

    [Fact]
    public async Task Only_connections_dialled_to_the_address_are_closed_on_demand()
    {
        var (a, b, c) = (await Start(), await Start(), await Start());
        var (_, toB, _, atB) = await a.TalkTo(b);
        var (_, fromB, _, _) = await b.TalkTo(a);
        var (_, toC, _, _) = await a.TalkTo(c);
        Assert.True(await a.Transport.ManagementCommand(new ForceDisassociate(b.Address)));
        await toB.Ended;
        await atB.Ended;
        Assert.Equal((0, 0), (fromB.Endings, toC.Endings));
        var (_, again, _, _) = await a.TalkTo(b);
        Assert.Equal(0, again.Endings);
        Assert.False(await a.Transport.ManagementCommand("something else"));
    }

    [Fact]
    public async Task Systems_that_are_not_named_are_answered_and_not_dialled()
    {
        var (a, b) = (await Start("dial-only = [node, other-node]"), await Start());
        var error = await Assert.ThrowsAsync<InvalidAssociationException>(() => a.Transport.Associate(b.Address).WaitAsync(Given.Long));
        Assert.Contains("dial-only", error.Message, StringComparison.Ordinal);
        Assert.Contains(b.Address.ToString(), error.Message, StringComparison.Ordinal);
        Assert.False(b.HasInbound);

        var (_, atB, toB, _) = await b.TalkTo(a);
        Assert.True(toB.Write(Numbered(1, 100)));
        AssertNumbered(1, 100, await atB.Next());
        var named = new Akka.Actor.Address(b.Address.Protocol, "other-node", b.Address.Host, b.Address.Port);
        await a.Transport.Associate(named).WaitAsync(Given.Long);
        await b.Inbound();
    }

    [Fact]
    public async Task A_check_of_an_address_dials_it_and_tells_whether_that_system_answers_there()
    {
        using var system = Given.System(Given.Ours());
        using var stock = Given.System(Given.Stock());
        using var renamed = Given.System(Given.Ours("public-hostname = \"its.own.name\""));
        using var deaf = new DeafHost();
        var (node, impatient) = (await Start(), await Start("connection-timeout = 500ms"));
        Assert.True(await CanDial(node, Given.AddressOf(system)));
        Assert.True(await CanDial(node, Given.AddressOf(stock)));
        // Akka.Remote drops what is sent to a system by another address than its own.
        Assert.False(await CanDial(node, Given.AddressOf(renamed).WithHost("127.0.0.1")));
        Assert.False(await CanDial(node, deaf.Address.WithPort(1)));
        Assert.False(await CanDial(impatient, deaf.Address));
        // It listens, and says nothing: nobody reads there.
        var silent = await Start(accepting: false);
        Assert.False(await CanDial(impatient, silent.Address));
    }

    private static async Task<bool> CanDial(Node node, Akka.Actor.Address address)
    {
        var answer = new TaskCompletionSource<bool>();
        Assert.True(await node.Transport.ManagementCommand(new DialCheck(address, answer.SetResult)));
        return await answer.Task.WaitAsync(Given.Long);
    }

    [Fact]
    public async Task A_dial_in_progress_is_given_up_on_demand()
    {
        var a = await Start();
        using var deaf = new DeafHost();
        var dial = a.Transport.Associate(deaf.Address);
        Assert.True(await a.Transport.ManagementCommand(new ForceDisassociate(deaf.Address)));
        var error = await Assert.ThrowsAsync<InvalidAssociationException>(() => dial.WaitAsync(Given.Long));
        Assert.Contains(deaf.Address.ToString(), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disassociating_again_has_no_effect()
    {
        var (a, b) = (await Start(), await Start());
        var (here, hereInbox, _, thereInbox) = await a.TalkTo(b);
        for (var i = 0; i < 10; i++) here.Disassociate("again", Log);
        await hereInbox.Ended;
        await thereInbox.Ended;
        for (var i = 0; i < 10; i++) here.Disassociate("again", Log);
        Assert.Equal((1, 1), (hereInbox.Endings, thereInbox.Endings));
    }

    [Fact]
    public async Task A_connection_that_never_had_a_reader_closes_too()
    {
        var (a, b) = (await Start(), await Start());
        var (here, there) = await a.ConnectTo(b);
        here.Disassociate("nobody wants it", Log);
        there.Disassociate("nobody wants it", Log);
        Until(() => Counted("connections") == 0);
        var inbox = Node.Listen(here);
        await inbox.Ended;
    }

    [Fact]
    public async Task A_payload_beyond_the_limit_is_dropped_and_logged_and_the_connection_lives()
    {
        var (a, b) = (await Start("maximum-frame-size = 40000b"), await Start("maximum-frame-size = 40000b"));
        var (here, _, _, inbox) = await a.TalkTo(b);
        EventFilter.Error(contains: "maximum-frame-size is 40000").ExpectOne(Given.Long, () => Assert.True(here.Write(Numbered(1, 40_001))));
        Assert.True(here.Write(Numbered(2, 40_000)));
        AssertNumbered(2, 40_000, await inbox.Next());
        Assert.Equal(1, Counted("frames.refused"));
    }

    [Fact]
    public async Task Connections_wait_until_somebody_takes_them()
    {
        var (a, b) = (await Start(), await Start(accepting: false));
        var here = await a.Transport.Associate(b.Address).WaitAsync(Given.Long);
        Assert.True(here.Write(Numbered(1, 100)));
        Until(() => Counted("frames.sent") == 1);
        Assert.False(b.HasInbound);
        b.Accept();
        var inbox = Node.Listen(await b.Inbound());
        AssertNumbered(1, 100, await inbox.Next());
    }

    [Fact]
    public async Task Shutting_down_flushes_closes_every_connection_and_frees_the_port()
    {
        var (a, b) = (await Start(), await Start());
        var first = await a.TalkTo(b);
        var second = await b.TalkTo(a);
        Assert.True(first.Here.Write(Numbered(1, 100)));
        Assert.True(await a.Transport.Shutdown().WaitAsync(Given.Long));
        foreach (var inbox in new[] { first.HereInbox, first.ThereInbox, second.HereInbox, second.ThereInbox }) await inbox.Ended;
        AssertNumbered(1, 100, Assert.Single(await first.ThereInbox.Rest()));
        await Assert.ThrowsAsync<InvalidAssociationException>(() => a.Transport.Associate(b.Address));
        await Assert.ThrowsAsync<InvalidAssociationException>(() => b.Transport.Associate(a.Address));
        var again = await Start($"port = {a.Address.Port}");
        Assert.Equal(a.Address, again.Address);
    }
}
