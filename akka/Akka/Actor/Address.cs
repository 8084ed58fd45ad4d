using System.Diagnostics.CodeAnalysis;
using Akka.Util;

namespace Akka.Actor;

/// <summary>Where an actor system can be reached: <c>protocol://system@host:port</c>, without host and port if only locally.</summary>
public sealed class Address : IEquatable<Address>, IComparable<Address>, IComparable, ISurrogated, ICloneable
{
    public static readonly Address AllSystems = new("akka", "all-systems");

    public static readonly IComparer<Address> Comparer = Comparer<Address>.Create(Compare);

    private string? _text;

    public Address(string protocol, string system, string? host = null, int? port = null)
    {
        Protocol = protocol;
        System = system;
        Host = host!;
        Port = port;
    }

    public string Protocol { get; }

    public string System { get; }

    /// <summary>Null for an address that has local scope only.</summary>
    public string Host { get; }

    public int? Port { get; }

    public bool HasLocalScope => string.IsNullOrEmpty(Host);

    public bool HasGlobalScope => !HasLocalScope;

    public static bool operator ==(Address? left, Address? right) => Equals(left, right);

    public static bool operator !=(Address? left, Address? right) => !Equals(left, right);

    /// <exception cref="UriFormatException">The text is not an address.</exception>
    public static Address Parse(string address) =>
        TryParse(address, out var parsed) ? parsed : throw new UriFormatException($"Cannot parse [{address}] as an actor system address");

    public static bool TryParse(string path, [MaybeNullWhen(false)] out Address address) => TryParse(path.AsSpan(), out address);

    public static bool TryParse(string path, [MaybeNullWhen(false)] out Address address, [MaybeNullWhen(false)] out string absolutUri)
    {
        var parsed = TryParse(path.AsSpan(), out address, out var rest);
        absolutUri = parsed ? rest.ToString() : null;
        return parsed;
    }

    public static bool TryParse(ReadOnlySpan<char> span, [MaybeNullWhen(false)] out Address address) => TryParse(span, out address, out _);

    /// <summary>Reads the address at the start of a path; <paramref name="absolutUri"/> is what follows it, at least "/".</summary>
    public static bool TryParse(ReadOnlySpan<char> span, [MaybeNullWhen(false)] out Address address, out ReadOnlySpan<char> absolutUri)
    {
        address = null;
        absolutUri = default;
        var scheme = span.IndexOf("://", StringComparison.Ordinal);
        if (scheme <= 0 || !char.IsAsciiLetter(span[0]))
            return false;
        var authority = span[(scheme + 3)..];
        var slash = authority.IndexOf('/');
        if (slash >= 0)
        {
            absolutUri = authority[slash..];
            authority = authority[..slash];
        }
        else
        {
            absolutUri = "/";
        }

        address = ParseAuthority(span[..scheme], authority);
        return address is not null;
    }

    public Address WithProtocol(string protocol) => new(protocol, System, Host, Port);

    public Address WithSystem(string system) => new(Protocol, system, Host, Port);

    public Address WithHost(string? host = null) => new(Protocol, System, host, Port);

    public Address WithPort(int? port = null) => new(Protocol, System, Host, port);

    public string HostPort() => HasLocalScope ? System : Port is null ? $"{System}@{Host}" : $"{System}@{Host}:{Port}";

    public override string ToString() => _text ??= $"{Protocol}://{HostPort()}";

    public bool Equals(Address? other) =>
        ReferenceEquals(this, other)
        || (other is not null && Port == other.Port && Host == other.Host && System == other.System && Protocol == other.Protocol);

    public override bool Equals(object? obj) => Equals(obj as Address);

    public override int GetHashCode() => HashCode.Combine(Host, Port, System, Protocol);

    public int CompareTo(Address? other) => Compare(this, other);

    int IComparable.CompareTo(object? obj) => CompareTo(obj as Address);

    public object Clone() => new Address(Protocol, System, Host, Port);

    public ISurrogate ToSurrogate(ActorSystem system) => new AddressSurrogate { Protocol = Protocol, System = System, Host = Host, Port = Port };

    private static int Compare(Address? x, Address? y)
    {
        if (ReferenceEquals(x, y))
            return 0;
        if (x is null || y is null)
            return x is null ? -1 : 1;
        var byHost = string.CompareOrdinal(x.Host, y.Host);
        if (byHost != 0)
            return byHost;
        var byPort = Nullable.Compare(x.Port, y.Port);
        if (byPort != 0)
            return byPort;
        var bySystem = string.CompareOrdinal(x.System, y.System);
        return bySystem != 0 ? bySystem : string.CompareOrdinal(x.Protocol, y.Protocol);
    }

    private static Address? ParseAuthority(ReadOnlySpan<char> protocol, ReadOnlySpan<char> authority)
    {
        var at = authority.IndexOf('@');
        if (at < 0)
            return authority.IsEmpty || authority.Contains(':') ? null : new Address(protocol.ToString(), authority.ToString());
        var host = authority[(at + 1)..];
        int? port = null;
        var colon = host.LastIndexOf(':');
        if (colon > host.LastIndexOf(']'))
        {
            if (!int.TryParse(host[(colon + 1)..], out var number) || number is < 0 or > 65535)
                return null;
            port = number;
            host = host[..colon];
        }

        return at == 0 || host.IsEmpty ? null : new Address(protocol.ToString(), authority[..at].ToString(), host.ToString(), port);
    }

    public sealed class AddressSurrogate : ISurrogate
    {
        public string Protocol { get; set; } = "";

        public string System { get; set; } = "";

        public string Host { get; set; } = null!;

        public int? Port { get; set; }

        public ISurrogated FromSurrogate(ActorSystem system) => new Address(Protocol, System, Host, Port);
    }
}
