namespace Akka.Configuration;

/// <summary>Typed values by path; a missing one is the default, and an empty list.</summary>
public partial class Config
{
    public virtual bool GetBoolean(string path, bool @default = false) => GetNode(path)?.GetBoolean() ?? @default;

    public virtual int GetInt(string path, int @default = 0) => GetNode(path)?.GetInt() ?? @default;

    public virtual long GetLong(string path, long @default = 0) => GetNode(path)?.GetLong() ?? @default;

    public virtual float GetFloat(string path, float @default = 0) => GetNode(path)?.GetFloat() ?? @default;

    public virtual double GetDouble(string path, double @default = 0) => GetNode(path)?.GetDouble() ?? @default;

    public virtual decimal GetDecimal(string path, decimal @default = 0) => GetNode(path)?.GetDecimal() ?? @default;

    public virtual string GetString(string path, string? @default = null) => (GetNode(path) is { } value ? value.GetString() : @default)!;

    /// <summary>A duration with its unit (ms, s, m, h, d, ...), or milliseconds without one; zero if missing without a default.</summary>
    public virtual TimeSpan GetTimeSpan(string path, TimeSpan? @default = null, bool allowInfinite = true) =>
        GetNode(path)?.GetTimeSpan(allowInfinite) ?? @default.GetValueOrDefault();

    /// <summary>Bytes, with a unit (k and Ki are 1024, kB is 1000) or without one; null if missing.</summary>
    public virtual long? GetByteSize(string path) => GetByteSize(path, null);

    public virtual long? GetByteSize(string path, long? @default) => GetNode(path) is { } value ? value.GetByteSize() : @default;

    public virtual IList<string> GetStringList(string path) => GetNode(path)?.GetStringList() ?? [];

    public virtual IList<string> GetStringList(string path, string[] defaultPaths) => GetNode(path)?.GetStringList() ?? defaultPaths;

    public virtual IList<bool> GetBooleanList(string path) => GetNode(path)?.GetBooleanList() ?? [];

    public virtual IList<int> GetIntList(string path) => GetNode(path)?.GetIntList() ?? [];

    public virtual IList<long> GetLongList(string path) => GetNode(path)?.GetLongList() ?? [];

    public virtual IList<float> GetFloatList(string path) => GetNode(path)?.GetFloatList() ?? [];

    public virtual IList<double> GetDoubleList(string path) => GetNode(path)?.GetDoubleList() ?? [];

    public virtual IList<decimal> GetDecimalList(string path) => GetNode(path)?.GetDecimalList() ?? [];

    public virtual IList<byte> GetByteList(string path) => GetNode(path)?.GetByteList() ?? [];
}
