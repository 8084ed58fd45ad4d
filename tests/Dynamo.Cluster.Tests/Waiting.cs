namespace Dynamo.Cluster.Tests;

/// <summary>Waits for what processes do in their own time.</summary>
internal static class Waiting
{
    /// <summary>Asks again and again; each question takes long enough by itself.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds, TimeSpan limit)
    {
        using var over = new CancellationTokenSource(limit);
        while (!await holds()) over.Token.ThrowIfCancellationRequested();
    }
}
