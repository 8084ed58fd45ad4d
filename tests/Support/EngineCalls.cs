using Dynamo.Core.Storage;

namespace Dynamo.Tests.Support;

/// <summary>
/// An engine completes its callers on its writer's thread, where actors only enqueue messages. A test does more, and must not hold
/// that thread up.
/// </summary>
internal static class EngineCalls
{
    public static async Task<IReadOnlyList<Applied>> StoreAsync(this IStorageEngine engine, IReadOnlyList<Mutation> mutations)
    {
        var applied = await engine.WriteAsync(mutations);
        await Task.Yield();
        return applied;
    }

    public static async Task NameAsync(this IStorageEngine engine, string name, byte[] value)
    {
        await engine.SetMetaAsync(name, value);
        await Task.Yield();
    }
}
