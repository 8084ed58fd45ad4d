namespace Dynamo.Bench.Load;

/// <summary>A client of one of the systems. A get fails if it finds no value.</summary>
internal interface ITarget : IAsyncDisposable
{
    Task PutAsync(int key, byte[] value);

    Task GetAsync(int key);
}

internal static class Keys
{
    public const int Count = 10_000;

    /// <summary>A key of the same form and length as those of the product's own bench.</summary>
    public static string NameOf(int key) => $"bench-0a1b2c3d:{key}";
}
