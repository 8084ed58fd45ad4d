using Hocon.Parsing;

namespace Hocon;

/// <summary>A configuration: a document over its fallbacks.</summary>
public class Config : HoconRoot
{
    private readonly HoconValue _own;

    public Config()
        : this(new HoconRoot())
    {
    }

    public Config(HoconRoot root)
        : base(root.Value) =>
        _own = root.Value;

    /// <exception cref="ArgumentNullException">The fallback is null.</exception>
    public Config(HoconRoot root, Config fallback)
        : base(Merge((fallback ?? throw new ArgumentNullException(nameof(fallback))).Value, root.Value)) =>
        _own = root.Value;

    public static Config Empty => new();

    public bool IsEmpty => Value.TryGetObject(out var o) && o.IsEmpty;

    /// <summary>The document with its fallbacks merged in.</summary>
    public HoconValue Root => Value;

    public static implicit operator Config(string hocon) => HoconConfigurationFactory.ParseString(hocon);

    public static Config operator +(Config config, string fallback) => config.WithFallback(HoconConfigurationFactory.ParseString(fallback));

    public static Config operator +(string hocon, Config fallback) => HoconConfigurationFactory.ParseString(hocon).WithFallback(fallback);

    /// <summary>What this does not define is taken from the fallback; objects merge key by key.</summary>
    public virtual Config WithFallback(Config fallback)
    {
        if (ReferenceEquals(this, fallback)) throw new ArgumentException("A configuration cannot be its own fallback.", nameof(fallback));
        return fallback is null || fallback.IsEmpty ? this : new Config(this, fallback);
    }

    /// <returns>The configuration at the path, empty if there is none.</returns>
    public virtual Config GetConfig(string path) => GetConfig(HoconPath.Parse(path));

    public virtual Config GetConfig(HoconPath path) => TryGetNode(path, out var node) ? new Config(new HoconRoot(node)) : Empty;

    public string ToString(bool useFallbackValues) => useFallbackValues ? ToString() : new HoconRoot(_own).ToString();

    private static HoconValue Merge(HoconValue under, HoconValue over) =>
        under.Resolve() is ResolvedObject u && over.Resolve() is ResolvedObject o ? HoconValue.From(ResolvedObject.Merge(u, o)) : over;
}

public static class ConfigExtensions
{
    public static bool IsNullOrEmpty(this Config? config) => config is null || config.IsEmpty;

    public static Config SafeWithFallback(this Config config, Config fallback) =>
        config.IsNullOrEmpty() ? fallback : ReferenceEquals(config, fallback) ? config : config.WithFallback(fallback);
}
