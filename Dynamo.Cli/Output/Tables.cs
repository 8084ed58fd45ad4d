using Spectre.Console;

namespace Dynamo.Cli.Output;

/// <summary>Tables in the common style of all commands.</summary>
internal static class Tables
{
    private const int FileWidth = 200;

    public static Table New(params IEnumerable<(string Title, bool IsNumber)> columns)
    {
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var (title, isNumber) in columns)
            table.AddColumn(new TableColumn(title) { Alignment = isNumber ? Justify.Right : Justify.Left, NoWrap = true });
        return table;
    }

    /// <summary>A row of plain text.</summary>
    public static void Add(this Table table, params string[] cells) => table.AddRow([.. cells.Select(Markup.Escape)]);

    public static void Print(Table table)
    {
        // A pipe or file has no width, so do not cut the table to a guessed one.
        if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = FileWidth;
        AnsiConsole.Write(table);
    }
}
