using System.Text;

namespace Dynamo.Cli.Shell;

/// <summary>
/// Reads one line at a terminal: cursor keys, Home, End, Tab to complete, a history. Written here since the one line editor that could be had needs another
/// version of Spectre.Console than the tables do.
/// </summary>
/// <param name="completions">The words that may stand in the place of the last word of a text.</param>
internal sealed class LineEditor(string prompt, List<string> history, Func<string, IEnumerable<string>> completions)
{
    private readonly StringBuilder _text = new();
    private int _cursor;
    private int _at;

    // What was typed before the history was entered.
    private string _typed = "";

    /// <returns>Null: Ctrl-D on an empty line ended the input.</returns>
    public string? Read()
    {
        (_cursor, _at, _typed) = (0, history.Count, "");
        _text.Clear();
        Show();
        // Here Ctrl-C clears the line; while a command runs, it interrupts the command.
        Console.TreatControlCAsInput = true;
        try
        {
            return ReadKeys();
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }

    private string? ReadKeys()
    {
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            switch (key.Key)
            {
                case ConsoleKey.Enter: return Done();
                case ConsoleKey.D when key.Modifiers.HasFlag(ConsoleModifiers.Control) && _text.Length == 0:
                    Console.Out.WriteLine();
                    return null;
                case ConsoleKey.C when key.Modifiers.HasFlag(ConsoleModifiers.Control): Set(""); break;
                case ConsoleKey.A when key.Modifiers.HasFlag(ConsoleModifiers.Control): _cursor = 0; break;
                case ConsoleKey.E when key.Modifiers.HasFlag(ConsoleModifiers.Control): _cursor = _text.Length; break;
                case ConsoleKey.U when key.Modifiers.HasFlag(ConsoleModifiers.Control): Set(_text.ToString(_cursor, _text.Length - _cursor), atEnd: false); break;
                case ConsoleKey.Home: _cursor = 0; break;
                case ConsoleKey.End: _cursor = _text.Length; break;
                case ConsoleKey.LeftArrow: _cursor = Math.Max(0, _cursor - 1); break;
                case ConsoleKey.RightArrow: _cursor = Math.Min(_text.Length, _cursor + 1); break;
                case ConsoleKey.UpArrow: Recall(_at - 1); break;
                case ConsoleKey.DownArrow: Recall(_at + 1); break;
                case ConsoleKey.Backspace when _cursor > 0: _text.Remove(--_cursor, 1); break;
                case ConsoleKey.Delete when _cursor < _text.Length: _text.Remove(_cursor, 1); break;
                case ConsoleKey.Tab: Complete(); break;
                case var _ when !char.IsControl(key.KeyChar): _text.Insert(_cursor++, key.KeyChar); break;
                default: break;
            }
            Show();
        }
    }

    private string Done()
    {
        _cursor = _text.Length;
        Show();
        Console.Out.WriteLine();
        return _text.ToString();
    }

    private void Recall(int at)
    {
        if (at < 0 || at > history.Count) return;
        if (_at == history.Count) _typed = _text.ToString();
        _at = at;
        Set(at == history.Count ? _typed : history[at]);
    }

    // The part that all candidates share is filled in; of several, the list is shown when they share no more.
    private void Complete()
    {
        var before = _text.ToString(0, _cursor);
        var word = before[(before.LastIndexOf(' ') + 1)..];
        string[] candidates = [.. completions(before).Where(c => c.StartsWith(word, StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)];
        if (candidates.Length == 0) return;
        var shared = candidates.Aggregate((a, b) => a[..a.Zip(b).TakeWhile(p => p.First == p.Second).Count()]);
        if (candidates.Length == 1) shared += " ";
        if (shared.Length > word.Length)
        {
            _text.Insert(_cursor, shared[word.Length..]);
            _cursor += shared.Length - word.Length;
        }
        else if (candidates.Length > 1)
        {
            Console.Out.WriteLine();
            Console.Out.WriteLine(string.Join("  ", candidates));
        }
    }

    private void Set(string text, bool atEnd = true)
    {
        _text.Clear().Append(text);
        _cursor = atEnd ? text.Length : 0;
    }

    // Writes the line anew, and puts the cursor back. A line longer than the terminal shows the part around the cursor.
    private void Show()
    {
        var width = Math.Max(10, (Console.WindowWidth > 0 ? Console.WindowWidth : 80) - prompt.Length - 1);
        var start = Math.Max(0, _cursor - width);
        var shown = _text.ToString(start, Math.Min(width, _text.Length - start));
        var back = shown.Length - (_cursor - start);
        Console.Out.Write($"\r{prompt}{shown}\u001b[K{(back > 0 ? $"\u001b[{back}D" : "")}");
    }
}
