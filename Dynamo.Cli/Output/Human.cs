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

    public static string Duration(TimeSpan time) => time.TotalDays >= 1 ? time.ToString(@"d\.hh\:mm\:ss") : time.ToString(@"hh\:mm\:ss");
}
