using System.Net;
using System.Net.Sockets;
using Akka.Configuration;
using Akka.Remote.Transport;
using Dynamo.Remoting.Tests.Support;

namespace Dynamo.Remoting.Tests;

public sealed class TlsTests(TestCertificate certificate) : TransportTest, IClassFixture<TestCertificate>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Frames_of_every_size_arrive_in_order_and_leaving_flushes_them(bool mutual)
    {
        int[] sizes = [8, 100, 16_383, 16_384, 16_385, 65_536, 65_537, 120_000];
        var (a, b) = (await Start(certificate.Hocon(mutual: mutual)), await Start(certificate.Hocon(mutual: mutual)));
        Assert.Equal("ssl.tcp", b.Address.Protocol);
        var (here, hereInbox, _, thereInbox) = await a.TalkTo(b);
        for (var i = 0; i < 40 * sizes.Length; i++) await Write(here, Numbered(i, sizes[i % sizes.Length]));
        here.Disassociate("it has said all", Log);
        var came = await thereInbox.Rest();
        Assert.Equal(40 * sizes.Length, came.Count);
        for (var i = 0; i < came.Count; i++) AssertNumbered(i, sizes[i % sizes.Length], came[i]);
        await hereInbox.Ended;
        Assert.Equal((1, 1), (hereInbox.Endings, thereInbox.Endings));
    }

    [Fact]
    public async Task An_untrusted_certificate_is_refused_when_it_is_validated()
    {
        var (a, b) = (await Start(certificate.Hocon(suppressValidation: false)), await Start(certificate.Hocon()));
        var error = await Assert.ThrowsAsync<InvalidAssociationException>(() => a.Transport.Associate(b.Address).WaitAsync(Given.Long));
        Assert.Contains(b.Address.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Null(error.InnerException);
    }

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("::1", true)]
    [InlineData("127.0.0.1", false)]
    public async Task A_certificate_must_name_the_host_when_the_host_is_validated(string hostname, bool accepted)
    {
        var hocon = $"hostname = \"{hostname}\"\n{certificate.Hocon(hostname: true)}";
        var (a, b) = (await Start(hocon), await Start(hocon));
        if (accepted)
        {
            var (here, _, _, inbox) = await a.TalkTo(b);
            Assert.True(here.Write(Numbered(1, 100)));
            AssertNumbered(1, 100, await inbox.Next());
        }
        else
        {
            await Assert.ThrowsAsync<InvalidAssociationException>(() => a.Transport.Associate(b.Address));
        }
    }

    [Fact]
    public async Task A_peer_without_a_certificate_is_refused_when_one_is_required()
    {
        var (a, b) = (await Start(certificate.Hocon(mutual: false)), await Start(certificate.Hocon(mutual: true)));
        await EventFilter.Warning(contains: "was refused").ExpectOneAsync(Given.Long, async () =>
        {
            // The client may consider the handshake done before the server has judged it.
            try
            {
                await Node.Listen(await a.Transport.Associate(b.Address).WaitAsync(Given.Long)).Ended;
            }
            catch (InvalidAssociationException)
            {
                // The refusal reached it earlier.
            }
        });
        Assert.False(b.HasInbound);
    }

    [Fact]
    public async Task A_peer_without_TLS_is_refused_with_one_line_and_others_still_connect()
    {
        var (a, b) = (await Start(certificate.Hocon()), await Start(certificate.Hocon()));
        using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await peer.ConnectAsync(b.EndPoint).WaitAsync(Given.Long);
        var (here, _, _, inbox) = await a.TalkTo(b);
        await EventFilter.Warning(contains: "was refused").ExpectOneAsync(Given.Long, async () =>
        {
            await Send(peer, new byte[100]);
            await ReadToEnd(peer);
        });
        Assert.True(here.Write(Numbered(1, 100)));
        AssertNumbered(1, 100, await inbox.Next());
    }

    [Fact]
    public async Task A_peer_that_never_completes_the_handshake_is_given_up_after_the_connection_timeout()
    {
        var b = await Start($"{certificate.Hocon()}\nconnection-timeout = 500ms");
        using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await EventFilter.Warning(contains: "was refused").ExpectOneAsync(Given.Long, async () =>
        {
            await peer.ConnectAsync(b.EndPoint).WaitAsync(Given.Long);
            await ReadToEnd(peer);
        });

        using var mute = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        mute.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        mute.Listen();
        var address = b.Address.WithPort(((IPEndPoint)mute.LocalEndPoint!).Port);
        var error = await Assert.ThrowsAsync<InvalidAssociationException>(async () => await b.Transport.Associate(address).WaitAsync(Given.Long));
        Assert.Contains("connection-timeout", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("enable-ssl = on", "ssl.certificate.path")]
    [InlineData("enable-ssl = on, ssl.certificate.path = \"no-such-file.pfx\"", "ssl.certificate cannot be read")]
    [InlineData("enable-ssl = on, ssl.certificate { use-thumbprint-over-file = on }", "ssl.certificate.thumbprint")]
    [InlineData("byte-order = middle", "byte-order")]
    [InlineData("maximum-frame-size = 1000b", "maximum-frame-size")]
    [InlineData("tcp-reuse-addr = sometimes", "tcp-reuse-addr")]
    public async Task An_invalid_setting_is_reported_by_its_name(string hocon, string named)
    {
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => Start(hocon));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }
}
