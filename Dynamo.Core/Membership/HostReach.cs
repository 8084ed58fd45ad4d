using System.Net;

namespace Dynamo.Core.Membership;

/// <summary>Whether nodes can reach each other by the addresses that they are known by.</summary>
public static class HostReach
{
    public static AddressReach Of(string host)
    {
        if (string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)) return AddressReach.Loopback;
        if (!IPAddress.TryParse(host.Trim('[', ']'), out var address)) return AddressReach.Unknown;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? AddressReach.Any
            : IPAddress.IsLoopback(address) ? AddressReach.Loopback : AddressReach.Machine;
    }

    /// <summary>The reason why a node cannot be known by a host with these seeds; null: it can, as far as the texts say.</summary>
    public static string? WhyNot(string host, IEnumerable<NodeAddress> seeds)
    {
        if (Of(host) == AddressReach.Any) return "means all addresses of this machine, and other nodes reach it by none of that name";
        foreach (var seed in seeds)
        {
            if (Of(seed.Host) == AddressReach.Any) return $"cannot work with the seed {seed}: that means all addresses of a machine, and nobody reaches it by that";
            if (IsMutual(host, seed.Host)) continue;
            return Of(host) == AddressReach.Loopback
                ? $"is reached only from this machine, and the seed {seed} is another one"
                : $"is this machine's for others, and the seed {seed} is reached only from its own machine";
        }
        return null;
    }

    /// <summary>Both nodes can be reached from other machines, or both are on one.</summary>
    public static bool IsMutual(string here, string there) => (Of(here), Of(there)) switch
    {
        (AddressReach.Any, _) or (_, AddressReach.Any) => false,
        (AddressReach.Loopback, AddressReach.Machine) or (AddressReach.Machine, AddressReach.Loopback) => false,
        _ => true,
    };
}
