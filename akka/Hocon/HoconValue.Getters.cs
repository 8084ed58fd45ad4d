using System.Globalization;

namespace Hocon;

public partial class HoconValue
{
    private delegate bool Parse<T>(string? text, out T value);

    /// <summary>true/yes/on or false/no/off.</summary>
    public bool GetBoolean() => Get<bool>(HoconText.TryParseBoolean, "boolean");

    public long GetLong() => Get<long>(HoconText.TryParseLong, "whole number");

    public int GetInt() => (int)GetWhole(int.MinValue, int.MaxValue);

    public byte GetByte() => (byte)GetWhole(byte.MinValue, byte.MaxValue);

    public double GetDouble() => Get<double>(HoconText.TryParseDouble, "number");

    public float GetFloat() => (float)GetDouble();

    public decimal GetDecimal() => Get((string? text, out decimal value) => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value), "number");

    /// <summary>A duration with its unit (ms, s, m, h, d, ...), or milliseconds without one.</summary>
    public TimeSpan GetTimeSpan(bool allowInfinite = true) =>
        Get((string? text, out TimeSpan value) => HoconText.TryParseDuration(text, allowInfinite, out value), "duration");

    /// <summary>Bytes, with a unit (k and Ki are 1024, kB is 1000) or without one.</summary>
    public long? GetByteSize() => Get<long>(HoconText.TryParseSize, "size");

    public IList<string> GetStringList() => [.. GetArray().Select(v => v.GetString())];

    public IList<bool> GetBooleanList() => [.. GetArray().Select(v => v.GetBoolean())];

    public IList<int> GetIntList() => [.. GetArray().Select(v => v.GetInt())];

    public IList<long> GetLongList() => [.. GetArray().Select(v => v.GetLong())];

    public IList<double> GetDoubleList() => [.. GetArray().Select(v => v.GetDouble())];

    public IList<HoconObject> GetObjectList() => [.. GetArray().Select(v => v.GetObject())];

    private T Get<T>(Parse<T> parse, string what)
    {
        var text = GetString();
        return parse(text, out var value) ? value : throw new HoconException($"'{text}' is no {what}.");
    }

    private long GetWhole(long least, long most)
    {
        var value = GetLong();
        return value >= least && value <= most ? value : throw new HoconException($"{value} is not between {least} and {most}.");
    }
}
