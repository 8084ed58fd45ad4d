using System.Diagnostics.CodeAnalysis;
using Akka.Util;

namespace Akka.Actor;

/// <summary>
/// The name of an actor: where its system is, and its place in the tree. Two paths are equal when both agree;
/// the uid, which tells one incarnation from the next, takes no part in it.
/// </summary>
public abstract class ActorPath : IEquatable<ActorPath>, IComparable<ActorPath>, ISurrogated
{
    public const string ValidSymbols = "\"-_.*$+:@&=,!~';()";

    private readonly Address _address;
    private readonly ActorPath? _parent;
    private string? _withoutAddress;
    private AddressedText? _serialized;

    protected ActorPath(Address address, string name)
    {
        _address = address;
        Name = name;
    }

    protected ActorPath(ActorPath parentPath, string name, long uid)
    {
        ArgumentNullException.ThrowIfNull(parentPath);
        if (name.Contains('/'))
            throw new ArgumentException("/ is a path separator and is not legal in ActorPath names", nameof(name));
        _address = parentPath._address;
        _parent = parentPath;
        Name = name;
        Uid = uid;
        Depth = parentPath.Depth + 1;
    }

    public string Name { get; }

    /// <summary>0 when the path names whichever incarnation lives there.</summary>
    public long Uid { get; }

    /// <summary>How many names below the root; 0 for the root.</summary>
    public int Depth { get; }

    public Address Address => _address;

    /// <summary>Null for the root.</summary>
    public ActorPath Parent => _parent!;

    public ActorPath Root => ParentOf(0);

    /// <summary>The names from the root down, without uid; the root's own is one empty name.</summary>
    public IReadOnlyList<string> Elements => NamesOf(withUid: false);

    internal IReadOnlyList<string> ElementsWithUid => NamesOf(withUid: true);

    public static bool operator ==(ActorPath? left, ActorPath? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(ActorPath? left, ActorPath? right) => !(left == right);

    public static ActorPath operator /(ActorPath path, string name)
    {
        var (childName, uid) = SplitNameAndUid(name);
        return new ChildActorPath(path, childName, uid);
    }

    public static ActorPath operator /(ActorPath path, IEnumerable<string> name) =>
        name.Where(element => element.Length > 0).Aggregate(path, (parent, element) => parent / element);

    /// <exception cref="UriFormatException">The text is not an absolute actor path.</exception>
    public static ActorPath Parse(string path) =>
        TryParse(path, out var parsed) ? parsed : throw new UriFormatException($"Can not parse an ActorPath: {path}");

    public static bool TryParse(string path, [MaybeNullWhen(false)] out ActorPath actorPath)
    {
        actorPath = null;
        return Address.TryParse(path.AsSpan(), out var address, out var rest)
            && TryParse(new RootActorPath(address), rest, out actorPath);
    }

    public static bool TryParse(ActorPath? basePath, string absoluteUri, [MaybeNullWhen(false)] out ActorPath actorPath) =>
        TryParse(basePath, absoluteUri.AsSpan(), out actorPath);

    /// <summary>Reads <c>/user/name#uid</c> below <paramref name="basePath"/>, or a whole path where that is null.</summary>
    public static bool TryParse(ActorPath? basePath, ReadOnlySpan<char> absoluteUri, [MaybeNullWhen(false)] out ActorPath actorPath)
    {
        actorPath = basePath;
        if (basePath is null)
        {
            if (!Address.TryParse(absoluteUri, out var address, out absoluteUri))
                return false;
            actorPath = new RootActorPath(address);
        }

        long uid = 0;
        var hash = absoluteUri.IndexOf('#');
        if (hash >= 0)
        {
            if (!long.TryParse(absoluteUri[(hash + 1)..], out uid))
                return false;
            absoluteUri = absoluteUri[..hash];
        }

        var path = actorPath!;
        while (!absoluteUri.IsEmpty)
        {
            var slash = absoluteUri.IndexOf('/');
            var element = slash < 0 ? absoluteUri : absoluteUri[..slash];
            absoluteUri = slash < 0 ? default : absoluteUri[(slash + 1)..];
            if (!element.IsEmpty)
                path = new ChildActorPath(path, element.ToString(), absoluteUri.IsEmpty ? uid : 0);
        }

        actorPath = path;
        return true;
    }

    public static bool TryParseAddress(string path, [MaybeNullWhen(false)] out Address address) => TryParseAddress(path, out address, out _);

    public static bool TryParseAddress(string path, [MaybeNullWhen(false)] out Address address, out ReadOnlySpan<char> absoluteUri) =>
        Address.TryParse(path.AsSpan(), out address, out absoluteUri);

    /// <summary>Whether the text may name an actor: ASCII letters, digits, <see cref="ValidSymbols"/> and %hh, and no leading $.</summary>
    public static bool IsValidPathElement(string s) => !string.IsNullOrEmpty(s) && s[0] != '$' && HasValidCharacters(s);

    public static string FormatPathElements(IEnumerable<string> pathElements) => "/" + string.Join('/', pathElements);

    public ActorPath Child(string childName) => this / childName;

    /// <summary>The ancestor at a depth, counted from the root (0); a negative depth counts up from here.</summary>
    public ActorPath ParentOf(int depth)
    {
        var levels = depth >= 0 ? Depth - depth : -depth;
        var path = this;
        for (; levels > 0 && path._parent is not null; levels--)
            path = path._parent;
        return path;
    }

    public ActorPath WithUid(long uid)
    {
        if (uid == Uid)
            return this;
        if (_parent is null)
            throw new NotSupportedException("RootActorPath must have undefined Uid");
        return new ChildActorPath(_parent, Name, uid);
    }

    public string ToStringWithoutAddress() => _withoutAddress ??= Render("", withUid: false);

    public override string ToString() => ToStringWithAddress();

    public string ToStringWithAddress() => ToStringWithAddress(_address);

    /// <summary>The path's own address where that has a host, else the given one.</summary>
    public string ToStringWithAddress(Address address) => Render(Global(address).ToString(), withUid: false);

    public string ToStringWithUid() => Render(_address.ToString(), withUid: true);

    public string ToSerializationFormat() => ToSerializationFormatWithAddress(_address);

    public string ToSerializationFormatWithAddress(Address address)
    {
        var cached = _serialized;
        if (cached is not null && ReferenceEquals(cached.Address, address))
            return cached.Text;
        var text = Render(Global(address).ToString(), withUid: true);
        _serialized = new AddressedText(address, text);
        return text;
    }

    public bool Equals(ActorPath? other)
    {
        if (other is null || Depth != other.Depth)
            return false;
        ActorPath a = this, b = other;
        while (!ReferenceEquals(a, b))
        {
            if (a.Name != b.Name)
                return false;
            if (a._parent is null)
                return a._address.Equals(b._address);
            a = a._parent;
            b = b._parent!;
        }

        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as ActorPath);

    public override int GetHashCode()
    {
        var hash = 17;
        for (var path = this; path._parent is not null; path = path._parent)
            hash = (hash * 31) + path.Name.GetHashCode();
        return (hash * 31) + _address.GetHashCode();
    }

    public int CompareTo(ActorPath? other)
    {
        if (other is null)
            return 1;
        var byAddress = Address.Comparer.Compare(_address, other._address);
        return byAddress != 0 ? byAddress : string.CompareOrdinal(ToStringWithoutAddress(), other.ToStringWithoutAddress());
    }

    public ISurrogate ToSurrogate(ActorSystem system) => new Surrogate(ToSerializationFormat());

    internal static (string Name, long Uid) SplitNameAndUid(string name)
    {
        var hash = name.IndexOf('#');
        return hash < 0 ? (name, 0) : (name[..hash], long.Parse(name.AsSpan(hash + 1)));
    }

    private static bool HasValidCharacters(string s)
    {
        for (var i = 0; i < s.Length; i++)
        {
            if (s[i] == '%')
            {
                if (i + 2 >= s.Length || !char.IsAsciiHexDigit(s[i + 1]) || !char.IsAsciiHexDigit(s[i + 2]))
                    return false;
                i += 2;
            }
            else if (!char.IsAsciiLetterOrDigit(s[i]) && !ValidSymbols.Contains(s[i]))
            {
                return false;
            }
        }

        return true;
    }

    private Address Global(Address address) => _address.HasLocalScope ? address : _address;

    private string[] NamesOf(bool withUid)
    {
        if (_parent is null)
            return [""];
        var names = new string[Depth];
        var i = Depth;
        for (var path = this; path._parent is not null; path = path._parent)
            names[--i] = path.Name;
        if (withUid && Uid != 0)
            names[^1] += "#" + Uid;
        return names;
    }

    private string Render(string address, bool withUid)
    {
        if (_parent is null)
            return address + "/";
        var text = string.Concat(address, "/", string.Join('/', NamesOf(withUid: false)));
        return withUid && Uid != 0 ? text + "#" + Uid : text;
    }

    public sealed class Surrogate : ISurrogate, IEquatable<Surrogate>, IEquatable<ActorPath>
    {
        public Surrogate(string path) => Path = path;

        public string Path { get; }

        public ISurrogated FromSurrogate(ActorSystem system) => Parse(Path);

        public bool Equals(Surrogate? other) => other is not null && Path == other.Path;

        public bool Equals(ActorPath? other) => other is not null && Path == other.ToSerializationFormat();

        public override bool Equals(object? obj) => obj is ActorPath path ? Equals(path) : Equals(obj as Surrogate);

        public override int GetHashCode() => Path.GetHashCode();
    }

    private sealed class AddressedText(Address address, string text)
    {
        public Address Address { get; } = address;

        public string Text { get; } = text;
    }
}

public sealed class RootActorPath : ActorPath
{
    public RootActorPath(Address address, string name = "")
        : base(address, name)
    {
    }
}

public sealed class ChildActorPath : ActorPath
{
    public ChildActorPath(ActorPath parentPath, string name, long uid)
        : base(parentPath, name, uid)
    {
    }
}

public static class RelativeActorPath
{
    /// <summary>The elements of a path that is not absolute, or null for one that is.</summary>
    public static IEnumerable<string>? Unapply(string addr) =>
        addr.Contains("://", StringComparison.Ordinal) ? null : addr.Split('/');
}
