using System.CommandLine;

namespace Dynamo.Cli.Shell;

/// <summary>The lines of a shell: typed at a terminal, with editing, completion and a history, or read from standard input.</summary>
internal sealed class ShellLines
{
    private const int MaxHistory = 1000;
    private static readonly string HistoryFile = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".dynamo_history");
    private readonly List<string> _history = [];
    private readonly LineEditor? _editor;
    private CancellationTokenSource? _running;

    /// <param name="root">The commands, for completion.</param>
    public ShellLines(RootCommand root)
    {
        if (!IsTerminal) return;
        _editor = new LineEditor("dynamo> ", _history, text => root.Parse(text).GetCompletions(text.Length).Select(c => c.Label));
        LoadHistory();
        Console.CancelKeyPress += OnInterrupt;
        Console.Out.WriteLine("Commands are those of 'dynamo'; 'help' lists them, Tab completes, 'exit' ends.");
    }

    public static bool IsTerminal => !Console.IsInputRedirected && !Console.IsOutputRedirected;

    /// <returns>Null: the input is at its end.</returns>
    public async Task<string?> NextAsync(CancellationToken cancellation)
    {
        if (_editor is null) return await Console.In.ReadLineAsync(cancellation);
        var line = _editor.Read();
        if (!string.IsNullOrWhiteSpace(line)) Remember(line);
        return line;
    }

    /// <summary>At a terminal, Ctrl-C ends the command that runs, and the shell goes on.</summary>
    public CancellationTokenSource Running(CancellationToken cancellation) => _running = CancellationTokenSource.CreateLinkedTokenSource(cancellation);

    private void OnInterrupt(object? sender, ConsoleCancelEventArgs pressed)
    {
        pressed.Cancel = true;
        try
        {
            _running?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The command has just ended.
        }
    }

    // Without a home that can be written, the history lasts as long as the shell.
    private void LoadHistory()
    {
        try
        {
            _history.AddRange(File.ReadLines(HistoryFile).TakeLast(MaxHistory));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    private void Remember(string line)
    {
        if (_history.Count > 0 && _history[^1] == line) return;
        _history.Add(line);
        try
        {
            File.AppendAllLines(HistoryFile, [line]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}
