using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Akka.Event;

namespace Dynamo.Remoting;

/// <summary>TCP under TLS.</summary>
internal sealed class TlsWire : Wire
{
    private readonly SslStream _stream;

    private TlsWire(Socket socket, SslStream stream)
        : base(socket) => _stream = stream;

    /// <exception cref="AuthenticationException">The peer's certificate was refused, or it speaks no TLS.</exception>
    /// <exception cref="OperationCanceledException">The handshake took more than <paramref name="timeout"/>.</exception>
    public static async Task<Wire> AsServer(Socket socket, TlsSettings tls, ILoggingAdapter log, TimeSpan timeout, CancellationToken stopping)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        deadline.CancelAfter(timeout);
        var peer = socket.RemoteEndPoint?.ToString() ?? "unknown";
        return await Authenticated(socket, stream => stream.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificate = tls.Certificate,
                ClientCertificateRequired = tls.RequireMutualAuthentication,
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                RemoteCertificateValidationCallback = tls.RequireMutualAuthentication ? tls.Validator(peer, log, ofServer: false) : null,
            },
            deadline.Token));
    }

    /// <inheritdoc cref="AsServer"/>
    public static Task<Wire> AsClient(Socket socket, TlsSettings tls, Address remote, ILoggingAdapter log, CancellationToken timeout) =>
        Authenticated(socket, stream => stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = remote.Host.Trim('[', ']'),
                LocalCertificateSelectionCallback = tls.RequireMutualAuthentication ? (_, _, _, _, _) => tls.Certificate : null,
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                RemoteCertificateValidationCallback = tls.Validator(remote.ToString(), log, ofServer: true),
            },
            timeout));

    public override ValueTask<int> Receive(Memory<byte> buffer) => _stream.ReadAsync(buffer);

    public override async ValueTask<int> Send(ReadOnlyMemory<byte> bytes)
    {
        await _stream.WriteAsync(bytes);
        return bytes.Length;
    }

    public override async ValueTask FinishSending()
    {
        await _stream.ShutdownAsync();
        Socket.Shutdown(SocketShutdown.Send);
    }

    public override void Dispose() => _stream.Dispose();

    private static async Task<Wire> Authenticated(Socket socket, Func<SslStream, Task> authenticate)
    {
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true), leaveInnerStreamOpen: false);
        try
        {
            await authenticate(stream);
            return new TlsWire(socket, stream);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }
}
