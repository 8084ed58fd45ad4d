using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace Dynamo.Hosting.Hocon;

/// <summary>Reads a text and its includes with Akka.NET's parser, after checking each text. Errors are one line that begins with file:line:column.</summary>
internal sealed class HoconReader
{
    private readonly string _name;
    private readonly string _folder;
    private readonly string _text;
    private readonly IReadOnlyList<string> _open;

    /// <param name="name">Name of the text in errors.</param>
    /// <param name="folder">Base folder of its includes.</param>
    /// <param name="open">Full paths of the files being read, this one included.</param>
    private HoconReader(string name, string folder, string text, IReadOnlyList<string> open)
    {
        _name = name;
        _folder = folder;
        _text = text.TrimStart('\uFEFF');
        _open = open;
    }

    /// <exception cref="BadConfigException"/>
    public static Config ReadFile(string path)
    {
        var full = Path.GetFullPath(path);
        try
        {
            return Config(new HoconReader(path, Path.GetDirectoryName(path) ?? "", File.ReadAllText(full), [full]).Read());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadConfigException($"{path}: cannot be read: {Why(e)}");
        }
    }

    /// <param name="folder">Base folder of includes.</param>
    /// <exception cref="BadConfigException"/>
    public static Config ReadText(string text, string name, string folder) => Config(new HoconReader(name, folder, text, []).Read());

    private static Config Config(HoconValue root) => new(new HoconRoot(root));

    private static string Why(Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file",
        UnauthorizedAccessException => "it is a folder, or may not be read",
        _ => e.Message.ReplaceLineEndings(" "),
    };

    private HoconValue Read()
    {
        HoconCheck check;
        try
        {
            check = HoconCheck.Of(_text);
        }
        catch (HoconSyntaxException e)
        {
            throw Refused(e.Position, e.Message);
        }

        var includes = new Queue<HoconMention>(check.Includes);
        HoconRoot root;
        try
        {
            root = Parser.Parse(ForParser(check), _ => new HoconRoot(Include(includes.Dequeue())));
        }
        catch (Exception e) when (e is not BadConfigException)
        {
            throw Unreadable(e, check);
        }
        if (HoconCycles.Find(root) is { } circle) throw Refused(Place(check, circle), $"${{{circle}}} refers to itself");
        return root.Value;
    }

    // The parser reads blanks in an empty list as an element, and a special character at the end of the text as text.
    private string ForParser(HoconCheck check)
    {
        var text = _text;
        foreach (var blanks in check.EmptyLists.Reverse()) text = text.Remove(blanks.Start.Value, blanks.End.Value - blanks.Start.Value);
        return text + "\n";
    }

    // Resolved separately: the parser's handling of references in an included text depends on the position of the include.
    private HoconValue Include(HoconMention include)
    {
        var path = Path.Combine(_folder, include.Name);
        var full = Path.GetFullPath(path);
        if (_open.Contains(full, StringComparer.Ordinal)) throw Refused(include.Position, $"includes '{include.Name}', which includes this file again");
        string text;
        try
        {
            text = File.ReadAllText(full);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refused(include.Position, $"includes '{include.Name}', which cannot be read: {Why(e)}");
        }
        return new HoconReader(path, Path.GetDirectoryName(path) ?? "", text, [.. _open, full]).Read();
    }

    private BadConfigException Unreadable(Exception e, HoconCheck check)
    {
        const string unresolved = "Unresolved substitution: ";
        if (!e.Message.StartsWith(unresolved, StringComparison.Ordinal)) return new BadConfigException($"{_name}: {e.Message.ReplaceLineEndings(" ")}");
        var name = e.Message[unresolved.Length..];
        return Refused(Place(check, name), $"${{{name}}} is set neither in this file nor in what it includes");
    }

    private static int Place(HoconCheck check, string reference) => check.References.FirstOrDefault(r => r.Name == reference).Position;

    private BadConfigException Refused(int position, string message) => new($"{_name}:{TextPlace.Of(_text, position)}: {message}");
}
