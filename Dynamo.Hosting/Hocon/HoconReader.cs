using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace Dynamo.Hosting.Hocon;

/// <summary>Reads a text and what it includes by Akka.NET's parser, each text checked before; an error is one line that begins with file:line:column.</summary>
internal sealed class HoconReader
{
    private readonly string _name;
    private readonly string _folder;
    private readonly string _text;
    private readonly IReadOnlyList<string> _open;

    /// <param name="name">What errors call the text.</param>
    /// <param name="folder">What its includes are relative to.</param>
    /// <param name="open">The full paths of the files that are being read, this one included.</param>
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

    /// <param name="folder">What includes are relative to.</param>
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

    // The parser takes the blanks of an empty list for an element, and a sign that ends the text for text.
    private string ForParser(HoconCheck check)
    {
        var text = _text;
        foreach (var blanks in check.EmptyLists.Reverse()) text = text.Remove(blanks.Start.Value, blanks.End.Value - blanks.Start.Value);
        return text + "\n";
    }

    // Resolved by itself: what the parser does with an included text's own references depends on where the include stands.
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
