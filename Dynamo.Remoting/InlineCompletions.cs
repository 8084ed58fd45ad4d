namespace Dynamo.Remoting;

/// <summary>
/// Lets the thread that waits for sockets handle a receive at once, instead of waking a thread of the pool for it. That halves the CPU of a busy node, but is
/// a choice for the whole process: the continuation of any socket operation runs on that thread and must not block. So only programs (`dynamo-host`,
/// `dynamo`) make it, never the library.
/// </summary>
public static class InlineCompletions
{
    private const string Completions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
    private const string Threads = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";

    /// <summary>Call before the process's first socket, when .NET reads the two variables. Variables set from outside stay.</summary>
    public static void Enable()
    {
        if (Environment.GetEnvironmentVariable(Completions) is not null) return;
        Environment.SetEnvironmentVariable(Completions, "1");
        // One thread for two processors, as many as the actors' dispatcher takes: .NET would take one for each.
        if (Environment.GetEnvironmentVariable(Threads) is null) Environment.SetEnvironmentVariable(Threads, BurstExecutor.UsualThreads.ToString());
    }
}
