using System.Globalization;
using System.Text;

namespace Hocon;

/// <summary>How texts, numbers, durations and sizes are written.</summary>
internal static class HoconText
{
    private const string Reserved = "$\"{}[]:=,+#`^?!@*&\\.";

    private static readonly (string[] Units, double Ticks)[] Durations =
    [
        (["", "ms", "milli", "millis", "millisecond", "milliseconds"], TimeSpan.TicksPerMillisecond),
        (["ns", "nano", "nanos", "nanosecond", "nanoseconds"], TimeSpan.TicksPerMicrosecond / 1000.0),
        (["us", "micro", "micros", "microsecond", "microseconds"], TimeSpan.TicksPerMicrosecond),
        (["s", "second", "seconds"], TimeSpan.TicksPerSecond),
        (["m", "minute", "minutes"], TimeSpan.TicksPerMinute),
        (["h", "hour", "hours"], TimeSpan.TicksPerHour),
        (["d", "day", "days"], TimeSpan.TicksPerDay),
    ];

    private static readonly Dictionary<string, decimal> Sizes = SizeUnits();

    /// <summary>Whether text may contain the character without quotes; a dot separates keys, and is allowed in values only.</summary>
    public static bool IsUnquoted(char c) => !char.IsWhiteSpace(c) && c != '\uFEFF' && !Reserved.Contains(c);

    public static bool TryParseBoolean(string? text, out bool value)
    {
        value = text is "true" or "on" or "yes";
        return value || text is "false" or "off" or "no";
    }

    public static bool TryParseDouble(string? text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    public static bool TryParseLong(string? text, out long value)
    {
        if (text is not null && text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>A duration with its unit, or milliseconds without one; <c>infinite</c> is <see cref="Timeout.InfiniteTimeSpan"/>.</summary>
    public static bool TryParseDuration(string? text, bool allowInfinite, out TimeSpan value)
    {
        value = default;
        if (text is null) return false;
        if (text == "infinite")
        {
            value = Timeout.InfiniteTimeSpan;
            return allowInfinite;
        }

        var (number, unit) = SplitUnit(text);
        var ticks = Durations.Where(d => d.Units.Contains(unit)).Select(d => d.Ticks).FirstOrDefault();
        if (ticks == 0 || !TryParseDouble(number, out var count)) return false;
        var total = Math.Round(count * ticks);
        if (!(Math.Abs(total) < TimeSpan.MaxValue.Ticks)) return false;
        value = TimeSpan.FromTicks((long)total);
        return true;
    }

    /// <summary>Bytes, with a unit of 1000 (kB, MB, ...) or of 1024 (K, k, Ki, KiB, M, ...), or without one.</summary>
    public static bool TryParseSize(string? text, out long bytes)
    {
        bytes = 0;
        if (text is null) return false;
        var (number, unit) = SplitUnit(text);
        if (!Sizes.TryGetValue(unit, out var factor)) return false;
        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)) return false;
        if (count > long.MaxValue / factor) return false;
        bytes = (long)(count * factor);
        return true;
    }

    public static string WriteKey(string key) => key.Length > 0 && key.All(c => c is '-' or '_' || char.IsAsciiLetterOrDigit(c)) && key != "include" ? key : Quote(key);

    public static string WriteText(string? text, bool quoted)
    {
        if (text is null) return "null";
        var bare = text.Length > 0 && text.All(c => c == '.' || IsUnquoted(c)) && !text.Contains("//", StringComparison.Ordinal);
        var ambiguous = quoted && (text == "null" || TryParseBoolean(text, out _) || TryParseDouble(text, out _) || TryParseLong(text, out _));
        return bare && !ambiguous && (quoted || text != "null") ? text : Quote(text);
    }

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < ' ' => $"\\u{(int)c:x4}",
                _ => c.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }

    private static (string Number, string Unit) SplitUnit(string text)
    {
        text = text.Trim();
        var end = text.Length;
        while (end > 0 && char.IsLetter(text[end - 1])) end--;
        return (text[..end].TrimEnd(), text[end..]);
    }

    private static Dictionary<string, decimal> SizeUnits()
    {
        var units = new Dictionary<string, decimal>(StringComparer.Ordinal) { [""] = 1, ["b"] = 1, ["B"] = 1, ["byte"] = 1, ["bytes"] = 1 };
        string[] thousands = ["kilo", "mega", "giga", "tera", "peta", "exa"];
        string[] kibis = ["kibi", "mebi", "gibi", "tebi", "pebi", "exbi"];
        decimal thousand = 1, kibi = 1;
        for (var i = 0; i < thousands.Length; i++)
        {
            thousand *= 1000;
            kibi *= 1024;
            var letter = char.ToUpperInvariant(thousands[i][0]);
            units[(i == 0 ? 'k' : letter) + "B"] = thousand;
            units[thousands[i] + "byte"] = units[thousands[i] + "bytes"] = thousand;
            units[letter.ToString()] = units[char.ToLowerInvariant(letter).ToString()] = kibi;
            units[letter + "i"] = units[letter + "iB"] = kibi;
            units[kibis[i] + "byte"] = units[kibis[i] + "bytes"] = kibi;
        }

        return units;
    }
}
