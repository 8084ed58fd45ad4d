using System.Diagnostics.CodeAnalysis;
using Akka.Configuration.Hocon;
using Hocon.Parsing;

namespace Akka.Configuration;

/// <summary>Settings by path, over a fallback that is asked for what this does not define.</summary>
public partial class Config
{
    public static readonly Config Empty = ConfigurationFactory.Empty;

    private readonly HoconValue _root;
    private readonly Config? _fallback;

    public Config()
        : this(new HoconRoot(new HoconValue()))
    {
    }

    public Config(HoconRoot root)
        : this(root?.Value ?? throw new ArgumentNullException(nameof(root)), null)
    {
    }

    public Config(Config source, Config fallback)
        : this((source ?? throw new ArgumentNullException(nameof(source)))._root, fallback)
    {
    }

    private Config(HoconValue root, Config? fallback)
    {
        _root = root;
        _fallback = fallback;
    }

    /// <summary>Null if there is none.</summary>
    public Config Fallback => _fallback!;

    /// <summary>This configuration's own values, without the fallback's.</summary>
    public HoconValue Root => _root;

    /// <summary>Whether there are no values of its own.</summary>
    public virtual bool IsEmpty => _root.IsEmpty;

    public static implicit operator Config(string str) => ConfigurationFactory.ParseString(str);

    public static Config operator +(Config config, string fallback) => config.WithFallback(ConfigurationFactory.ParseString(fallback));

    public static Config operator +(string configHocon, Config fallbackConfig) => ConfigurationFactory.ParseString(configHocon).WithFallback(fallbackConfig);

    /// <summary>What this does not define is taken from the fallback; objects merge key by key.</summary>
    /// <exception cref="ArgumentException">The fallback is this configuration.</exception>
    public virtual Config WithFallback(Config? fallback)
    {
        if (fallback is null) return this;
        if (IsEmpty && _fallback is null) return fallback;
        if (ReferenceEquals(fallback, this)) throw new ArgumentException("A configuration cannot be its own fallback.", nameof(fallback));
        return Copy(fallback);
    }

    /// <returns>The object at the path, with its fallbacks; null if there is none.</returns>
    public virtual Config GetConfig(string path)
    {
        var keys = SplitPath(path);
        Config? result = null;
        foreach (var value in Layers().Select(layer => Find(layer._root, keys)).OfType<HoconValue>().Reverse())
            result = new Config(value, value.IsObject() ? result : null);
        return result!;
    }

    /// <returns>The value at the path, null if there is none.</returns>
    public HoconValue GetValue(string path) => GetNode(path)!;

    public virtual bool HasPath(string path) => GetNode(path) is not null;

    /// <summary>The root's fields. A field of the fallback is left out where this has one of that key, even if both are objects.</summary>
    public virtual IEnumerable<KeyValuePair<string, HoconValue>> AsEnumerable() =>
        Layers().SelectMany(layer => layer._root.GetObject()?.Items ?? []).DistinctBy(item => item.Key);

    public override string ToString() => _root.GetObject() is { } o ? o.ToString(0) : _root.ToString();

    public string ToString(bool includeFallback)
    {
        if (!includeFallback || _fallback is null) return ToString();
        var merged = new HoconObject();
        foreach (var layer in Layers())
            if (layer._root.GetObject() is { } o)
                merged.Merge(o);
        return merged.ToString(0);
    }

    protected Config Copy(Config? fallback = null) => new(_root, _fallback is null ? fallback : _fallback.Copy(fallback));

    private static string[] SplitPath(string path) =>
        path.Contains('"', StringComparison.Ordinal) ? PathParser.Parse(path) : path.Split('.');

    private static HoconValue? Find(HoconValue? value, string[] keys)
    {
        foreach (var key in keys)
        {
            value = value?.GetChildObject(key);
            if (value is null) return null;
        }

        return value;
    }

    private IEnumerable<Config> Layers()
    {
        for (Config? layer = this; layer is not null; layer = layer._fallback) yield return layer;
    }

    private HoconValue? GetNode(string path)
    {
        var keys = SplitPath(path);
        for (Config? layer = this; layer is not null; layer = layer._fallback)
            if (Find(layer._root, keys) is { } value)
                return value;
        return null;
    }
}

public static class ConfigExtensions
{
    public static bool IsNullOrEmpty([NotNullWhen(false)] this Config? config) => config is null || config.IsEmpty;

    public static Config SafeWithFallback(this Config? config, Config? fallback) =>
        config.IsNullOrEmpty() ? fallback! : ReferenceEquals(config, fallback) ? config! : config!.WithFallback(fallback);
}
