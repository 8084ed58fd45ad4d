namespace Dynamo.Cli.Output;

/// <summary>Human-readable numbers; JSON output has exact ones.</summary>
internal static class Human
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    public static string Bytes(double bytes)
    {
        var unit = 0;
        while (bytes >= 1024 && unit < Units.Length - 1)
        {
            bytes /= 1024;
            unit++;
        }
        return unit == 0 ? $"{bytes:0} B" : $"{bytes:0.0} {Units[unit]}";
    }

    /// <summary>The largest unit that gives a whole number: 90 s, 2 h.</summary>
    public static string Life(long ms) => ms switch
    {
        _ when ms % 86_400_000 == 0 => $"{ms / 86_400_000} d",
        _ when ms % 3_600_000 == 0 => $"{ms / 3_600_000} h",
        _ when ms % 60_000 == 0 => $"{ms / 60_000} min",
        _ when ms % 1000 == 0 => $"{ms / 1000} s",
        _ => $"{ms} ms",
    };

    public static string Duration(TimeSpan time) => time.TotalDays >= 1 ? time.ToString(@"d\.hh\:mm\:ss") : time.ToString(@"hh\:mm\:ss");
}
