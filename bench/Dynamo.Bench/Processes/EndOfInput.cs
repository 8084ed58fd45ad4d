namespace Dynamo.Bench.Processes;

/// <summary>Ends a process whose work never ends when its input does.</summary>
internal static class EndOfInput
{
    public static void Watch(TextReader input) => new Thread(() =>
    {
        input.ReadToEnd();
        Environment.Exit(0);
    })
    { IsBackground = true, Name = "input" }.Start();
}
