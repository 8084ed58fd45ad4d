namespace Dynamo.Core.Buckets;

/// <summary>The words by which users name the conflict modes: in settings, commands and output.</summary>
public static class ConflictWords
{
    public static (string Word, ConflictMode Mode)[] All { get; } = [("siblings", ConflictMode.Siblings), ("last-write-wins", ConflictMode.LastWriteWins)];

    public static string Of(ConflictMode mode) => Array.Find(All, known => known.Mode == mode).Word;

    /// <summary>Null: no mode has this name.</summary>
    public static ConflictMode? ModeOf(string? word)
    {
        foreach (var known in All)
            if (known.Word == word) return known.Mode;
        return null;
    }
}
