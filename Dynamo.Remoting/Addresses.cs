using System.Net;
using System.Net.Sockets;
using Akka.Actor;

namespace Dynamo.Remoting;

/// <summary>Converts between Akka's addresses and a socket's.</summary>
internal static class Addresses
{
    /// <param name="hostname">Null: the end point's address.</param>
    /// <param name="port">Null: the end point's port.</param>
    public static Address Of(string scheme, string system, IPEndPoint endPoint, string? hostname = null, int? port = null) =>
        new(scheme, system, hostname is null ? Host(endPoint.Address) : Host(hostname), port ?? endPoint.Port);

    /// <summary>The addresses to try in turn for a host name or an IP address.</summary>
    /// <returns>At least one, of the family that <c>dns-use-ipv6</c> prefers before the other.</returns>
    /// <exception cref="SocketException">There is no such host, or it has no address of an enforced family.</exception>
    public static async Task<IPAddress[]> Resolve(string host, SocketTransportSettings settings, CancellationToken cancellation)
    {
        if (IPAddress.TryParse(host, out var address)) return [address];
        var family = settings.DnsUseIpv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        var found = await Dns.GetHostAddressesAsync(host, cancellation);
        var usable = settings.EnforceIpFamily ? found.Where(a => a.AddressFamily == family) : found.OrderBy(a => a.AddressFamily == family ? 0 : 1);
        IPAddress[] addresses = [.. usable];
        return addresses.Length > 0 ? addresses : throw new SocketException((int)SocketError.HostNotFound);
    }

    private static string Host(string hostname) => IPAddress.TryParse(hostname, out var address) ? Host(address) : hostname;

    private static string Host(IPAddress address) => address switch
    {
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => $"[{address}]",
        _ => address.ToString(),
    };
}
