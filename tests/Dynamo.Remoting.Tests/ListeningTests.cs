using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Remote.Transport;
using Dynamo.Remoting.Tests.Support;

namespace Dynamo.Remoting.Tests;

public sealed class ListeningTests : TransportTest
{
    [Fact]
    public async Task The_port_that_was_bound_is_advertised()
    {
        var node = await Start();
        Assert.Equal(("tcp", Sys.Name, "127.0.0.1"), (node.Address.Protocol, node.Address.System, node.Address.Host));
        Assert.InRange(node.Address.Port!.Value, 1, ushort.MaxValue);
    }

    [Fact]
    public async Task A_public_host_and_port_are_advertised_instead_of_the_bound_ones()
    {
        var node = await Start("public-hostname = \"shop.example\"\npublic-port = 7100");
        Assert.Equal(new Address("tcp", Sys.Name, "shop.example", 7100), node.Address);
    }

    [Theory]
    [InlineData("::1", "dns-use-ipv6 = off", "[::1]")]
    [InlineData("localhost", "dns-use-ipv6 = off", "localhost")]
    [InlineData("0.0.0.0", "", "0.0.0.0")]
    [InlineData("::", "dns-use-ipv6 = on", "[::]")]
    [InlineData("", "", "0.0.0.0")]
    public async Task Host_names_and_both_families_of_addresses_listen_and_are_reached(string hostname, string more, string advertised)
    {
        var (a, b) = (await Start($"hostname = \"{hostname}\"\n{more}"), await Start($"hostname = \"{hostname}\"\n{more}"));
        Assert.Equal(advertised, b.Address.Host);
        var (here, _, _, inbox) = await a.TalkTo(b);
        Assert.True(here.Write(Numbered(1, 100)));
        AssertNumbered(1, 100, await inbox.Next());
        Assert.Equal(b.Address, here.RemoteAddress);
    }

    [Fact]
    public async Task A_node_that_listens_on_every_address_is_reached_by_either_family()
    {
        var (a, b) = (await Start(), await Start("hostname = \"::\""));
        foreach (var host in new[] { "127.0.0.1", "[::1]", "localhost" })
        {
            var here = await a.Transport.Associate(b.Address.WithHost(host)).WaitAsync(Given.Long);
            var there = await b.Inbound();
            Assert.Equal(host == "[::1]" ? host : "127.0.0.1", there.RemoteAddress.Host);
            Assert.True(here.Write(Numbered(1, 100)));
            AssertNumbered(1, 100, await Node.Listen(there).Next());
        }
    }

    [Fact]
    public async Task An_address_in_use_is_reported_with_its_socket_error()
    {
        var node = await Start();
        var error = await Assert.ThrowsAnyAsync<Exception>(() => Start($"port = {node.Address.Port}"));
        Assert.Contains(Chain(error), e => e is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse });
    }

    [Fact]
    public async Task An_actor_system_whose_address_is_in_use_fails_with_the_socket_error_inside()
    {
        var node = await Start();
        var error = Assert.ThrowsAny<Exception>(() => Given.System(Given.Ours($"port = {node.Address.Port}")));
        Assert.Contains(Chain(error), e => e is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse });
    }

    [Fact]
    public async Task A_refused_connection_is_reported_with_the_address()
    {
        var (a, b) = (await Start(), await Start());
        await b.Transport.Shutdown();
        var error = await Assert.ThrowsAsync<InvalidAssociationException>(() => a.Transport.Associate(b.Address));
        Assert.Contains(b.Address.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains("refused", error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Null(error.InnerException);
    }

    [Fact]
    public async Task An_unknown_host_is_reported_with_the_address()
    {
        var a = await Start();
        var nowhere = new Address("tcp", "shop", "no-such-host.invalid", 7100);
        var error = await Assert.ThrowsAsync<InvalidAssociationException>(() => a.Transport.Associate(nowhere));
        Assert.Contains(nowhere.ToString(), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_does_not_answer_is_given_up_after_the_connection_timeout()
    {
        var a = await Start("connection-timeout = 500ms");
        using var deaf = new DeafHost();
        var address = deaf.Address;
        var error = await Assert.ThrowsAsync<InvalidAssociationException>(async () => await a.Transport.Associate(address).WaitAsync(Given.Long));
        Assert.Contains("connection-timeout", error.Message, StringComparison.Ordinal);
        Assert.Contains(address.ToString(), error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<Exception> Chain(Exception error) =>
        (error is AggregateException many ? many.Flatten().InnerExceptions : error.InnerException is { } inner ? [inner] : []).SelectMany(Chain).Prepend(error);
}
