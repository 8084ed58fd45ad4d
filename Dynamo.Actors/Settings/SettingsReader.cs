using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace Dynamo.Actors.Settings;

/// <summary>Reads and checks keys below one path; throws a <see cref="SettingsException"/> that names key, value and range.</summary>
internal sealed class SettingsReader(Config config, string path)
{
    public SettingsReader Section(string name) => new(config, $"{path}.{name}");

    public string Text(string key) => config.GetString($"{path}.{key}", "");

    public IReadOnlyList<string> TextList(string key)
    {
        try
        {
            // A plain string must not be read as an empty list.
            if (config.GetValue($"{path}.{key}").IsString()) throw Refused(key, "a list in [ ]");
            return [.. config.GetStringList($"{path}.{key}")];
        }
        catch (Exception e) when (e is not SettingsException)
        {
            throw Refused(key, "a list in [ ]");
        }
    }

    public int Number(string key, int min, int max) =>
        (int)Checked(key, () => config.GetLong($"{path}.{key}", 0), value => value >= min && value <= max, $"a whole number from {min} to {max}");

    public double Fraction(string key, double min, double max) =>
        Checked(key, () => config.GetDouble($"{path}.{key}", 0), value => value >= min && value <= max, $"a number from {min} to {max}");

    public int Size(string key, int min, int max) => (int)LongSize(key, min, max);

    public long LongSize(string key, long min, long max) =>
        Checked(key, () => config.GetByteSize($"{path}.{key}") ?? -1, value => value >= min && value <= max, $"a size from {min} to {max} bytes");

    public TimeSpan Duration(string key, TimeSpan min, TimeSpan max) =>
        Checked(key, () => config.GetTimeSpan($"{path}.{key}", null, false), value => value >= min && value <= max, $"a duration from {InWords(min)} to {InWords(max)}");

    public T OneOf<T>(string key, params (string Name, T Value)[] choices)
    {
        var text = Text(key);
        foreach (var (name, value) in choices)
            if (name == text) return value;
        throw Refused(key, string.Join(" or ", choices.Select(c => c.Name)));
    }

    public SettingsException Refused(string key, string allowed) => new($"{path}.{key} = {Shown(key)}: {allowed} is wanted".ReplaceLineEndings("\\n"));

    /// <summary>Fails on the first key that the reference does not have: a typo must not silently leave the default in place.</summary>
    public static void RefuseUnknown(HoconObject given, HoconObject known, string path)
    {
        foreach (var (key, value) in given.Items)
        {
            if (!known.Items.TryGetValue(key, out var reference))
                throw new SettingsException($"{path}.{key} is not a setting: {Suggest(key, known.Items.Keys)}");
            if (reference.IsObject() && value.IsObject()) RefuseUnknown(value.GetObject(), reference.GetObject(), $"{path}.{key}");
            else if (reference.IsObject()) throw new SettingsException($"{path}.{key} is a section: {path}.{key} {{ … }} is wanted");
        }
    }

    private static string Suggest(string key, IEnumerable<string> known)
    {
        var nearest = known.MinBy(k => Distance(k, key));
        return nearest is not null && Distance(nearest, key) <= 3 ? $"did you mean '{nearest}'?" : $"there are {string.Join(", ", known.Order())}";
    }

    private T Checked<T>(string key, Func<T> read, Func<T, bool> isAllowed, string allowed)
    {
        T value;
        try
        {
            value = read();
        }
        catch (Exception)
        {
            throw Refused(key, allowed);
        }
        return isAllowed(value) ? value : throw Refused(key, allowed);
    }

    private string Shown(string key)
    {
        try
        {
            var value = config.GetValue($"{path}.{key}");
            return value.IsArray() ? $"[{string.Join(", ", value.GetArray().Select(item => $"'{item.GetString()}'"))}]" : $"'{Text(key)}'";
        }
        catch (Exception)
        {
            return "(not a plain value)";
        }
    }

    private static string InWords(TimeSpan t) => t.TotalSeconds < 1 ? $"{t.TotalMilliseconds}ms" : $"{t.TotalSeconds}s";

    // Levenshtein distance; the words are short and few.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }
        return row[^1];
    }
}
