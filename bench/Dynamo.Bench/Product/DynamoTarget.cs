using Dynamo.Bench.Load;
using Dynamo.Client;

namespace Dynamo.Bench.Product;

/// <summary>The product's client library. Passes each put's context on to the next put of its key, as a good client does.</summary>
internal sealed class DynamoTarget(DynamoClient client) : ITarget
{
    // Uses the implicit conversion, which the client library of every build has.
    private readonly DynamoKey[] _keys = [.. Enumerable.Range(0, Keys.Count).Select(key => (DynamoKey)Keys.NameOf(key))];
    private readonly DynamoContext[] _contexts = new DynamoContext[Keys.Count];

    public static async Task<ITarget> ConnectAsync(string[] contacts) => new DynamoTarget(await DynamoClient.ConnectAsync(contacts));

    public async Task PutAsync(int key, byte[] value) => _contexts[key] = (await client.PutAsync(_keys[key], value, _contexts[key])).Context;

    public async Task GetAsync(int key)
    {
        if ((await client.GetAsync(_keys[key])).Values.Count == 0) throw new BenchException("a key that was put was not found");
    }

    public ValueTask DisposeAsync() => client.DisposeAsync();
}
