using System.Globalization;
using Hocon;

namespace Akka.Configuration.Hocon;

public partial class HoconValue
{
    /// <summary>true/yes/on or false/no/off.</summary>
    /// <exception cref="NotSupportedException">It is none of these.</exception>
    public bool GetBoolean() => HoconText.TryParseBoolean(GetString(), out var value) ? value : throw new NotSupportedException($"Unknown boolean format: {GetString()}");

    /// <exception cref="FormatException">The value is no whole number.</exception>
    public long GetLong() => HoconText.TryParseLong(GetString(), out var value) ? value : throw Malformed("whole number");

    /// <exception cref="OverflowException">The number does not fit.</exception>
    public int GetInt() => checked((int)GetLong());

    public byte GetByte() => checked((byte)GetLong());

    public double GetDouble() => HoconText.TryParseDouble(GetString(), out var value) ? value : throw Malformed("number");

    public float GetFloat() => (float)GetDouble();

    public decimal GetDecimal() => decimal.TryParse(GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : throw Malformed("number");

    /// <summary>A duration with its unit (ms, s, m, h, d, ...), or milliseconds without one.</summary>
    public TimeSpan GetTimeSpan(bool allowInfinite = true) =>
        HoconText.TryParseDuration(GetString(), allowInfinite, out var value) ? value : throw Malformed("duration");

    /// <summary>Bytes, with a unit (k and Ki are 1024, kB is 1000) or without one.</summary>
    public long? GetByteSize() => HoconText.TryParseSize(GetString(), out var value) ? value : throw Malformed("size");

    public IList<string> GetStringList() => [.. GetArray().Select(v => v.GetString())];

    public IList<bool> GetBooleanList() => [.. GetArray().Select(v => v.GetBoolean())];

    public IList<int> GetIntList() => [.. GetArray().Select(v => v.GetInt())];

    public IList<long> GetLongList() => [.. GetArray().Select(v => v.GetLong())];

    public IList<double> GetDoubleList() => [.. GetArray().Select(v => v.GetDouble())];

    public IList<float> GetFloatList() => [.. GetArray().Select(v => v.GetFloat())];

    public IList<decimal> GetDecimalList() => [.. GetArray().Select(v => v.GetDecimal())];

    public IList<byte> GetByteList() => [.. GetArray().Select(v => v.GetByte())];

    private FormatException Malformed(string what) => new($"'{GetString()}' is no {what}.");
}
