namespace Dynamo.Remoting;

/// <summary>
/// Lets the thread that waits for sockets do at once what a receive brings, in place of waking a thread of the pool for it. That halves the CPU of a busy node, and
/// it is a choice for the whole process: what continues after any socket operation runs on that thread and must not block, so it is made by programs
/// alone (`dynamo-host`, `dynamo`) and never by the library.
/// </summary>
public static class InlineCompletions
{
    private const string Completions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
    private const string Threads = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";

    /// <summary>Before the process's first socket: .NET reads the two variables then. Those that are set outside stay.</summary>
    public static void Enable()
    {
        if (Environment.GetEnvironmentVariable(Completions) is not null) return;
        Environment.SetEnvironmentVariable(Completions, "1");
        // One for two processors, as many as the actors' dispatcher takes: .NET would take one for each.
        if (Environment.GetEnvironmentVariable(Threads) is null) Environment.SetEnvironmentVariable(Threads, BurstExecutor.UsualThreads.ToString());
    }
}
