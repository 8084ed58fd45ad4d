namespace Dynamo.Bench.Load;

/// <summary>A client of one of the systems. A get fails when it does not find a value.</summary>
internal interface ITarget : IAsyncDisposable
{
    Task PutAsync(int key, byte[] value);

    Task GetAsync(int key);
}

internal static class Keys
{
    public const int Count = 10_000;

    /// <summary>Of the form and length that the product's own bench gives its keys.</summary>
    public static string NameOf(int key) => $"bench-0a1b2c3d:{key}";
}
