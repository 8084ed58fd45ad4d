using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;

namespace Dynamo.Client.Typed;

/// <summary>A bucket of values of one type, with keys of text; made by <see cref="TypedBuckets.Bucket{T}"/>.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
public sealed class DynamoBucket<T>
{
    // Requests of GetManyAsync and PutManyAsync that are under way at once: enough to fill the messages to each node.
    private const int AtOnce = 64;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);
    private readonly DynamoClient _client;
    private readonly IDynamoCodec<T> _codec;
    private readonly IConflictResolver<T> _resolver;

    internal DynamoBucket(DynamoClient client, string name, IDynamoCodec<T> codec, IConflictResolver<T> resolver) =>
        (_client, Name, _codec, _resolver) = (client, name, codec, resolver);

    /// <summary>The bucket's name.</summary>
    public string Name { get; }

    /// <summary>Reads a key. Siblings are resolved; they stay in the store until a put with the context replaces them.</summary>
    /// <param name="key">At least 1 byte of UTF-8.</param>
    /// <param name="settings">Overrides of the bucket's options for this request.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="FormatException">A value is not one of this type.</exception>
    /// <exception cref="DynamoException">See its derived types.</exception>
    public async Task<Versioned<T>> GetAsync(string key, RequestSettings? settings = null, CancellationToken cancellation = default)
    {
        var got = await _client.GetAsync(Key(key), settings, cancellation);
        if (got.Data.Count > 0) throw new FormatException($"the key {key} holds a value of a data type");
        T[] siblings = [.. got.Values.Select(_codec.Decode)];
        return siblings.Length switch
        {
            0 => new Versioned<T>(false, default, got.Context, 0),
            1 => new Versioned<T>(true, siblings[0], got.Context, 1),
            _ => new Versioned<T>(true, _resolver.Resolve(siblings), got.Context, siblings.Length),
        };
    }

    /// <summary>Writes a value that replaces everything its context has seen.</summary>
    /// <inheritdoc cref="DynamoClient.PutAsync"/>
    public Task<PutResult> PutAsync(string key, T value, DynamoContext context, RequestSettings? settings = null, CancellationToken cancellation = default) =>
        _client.PutAsync(Key(key), _codec.Encode(value), context, settings, cancellation);

    /// <summary>Deletes everything that the context has seen.</summary>
    /// <inheritdoc cref="DynamoClient.DeleteAsync"/>
    public Task<PutResult> DeleteAsync(string key, DynamoContext context, RequestSettings? settings = null, CancellationToken cancellation = default) =>
        _client.DeleteAsync(Key(key), context, settings, cancellation);

    /// <summary>
    /// Reads a key, changes its value, and writes it if nobody else has written meanwhile; otherwise it reads and changes again. Concurrent updates of a key
    /// come one after the other, and make no siblings while the nodes agree on who is up (docs/conditional-puts.md).
    /// </summary>
    /// <param name="key">At least 1 byte of UTF-8.</param>
    /// <param name="mutate">
    /// Gets the value, or the default when there is none, and returns the next one. It may be called several times, so it should do nothing else.
    /// </param>
    /// <param name="settings">Overrides of the bucket's options for each request.</param>
    /// <param name="maxTries">From 1. Tries are a few milliseconds apart at first, and twice as far each time.</param>
    /// <param name="cancellation">Cancels the wait; the last put may still take effect.</param>
    /// <returns>The value written, with the context of its put.</returns>
    /// <exception cref="DynamoConditionException">Each time, someone else had written first.</exception>
    /// <exception cref="DynamoException">See its derived types.</exception>
    public async Task<Versioned<T>> UpdateAsync(
        string key, Func<T?, T> mutate, RequestSettings? settings = null, int maxTries = 20, CancellationToken cancellation = default)
    {
        for (var tries = 1; ; tries++)
        {
            var read = await GetAsync(key, settings, cancellation);
            var next = mutate(read.Value);
            try
            {
                var put = await _client.PutIfUnchangedAsync(Key(key), _codec.Encode(next), read.Context, settings, cancellation);
                return new Versioned<T>(true, next, put.Context, 1);
            }
            catch (DynamoConditionException) when (tries < maxTries)
            {
                // Drawn anew each time, so that two writers do not meet again and again.
                var pause = FirstPause * Math.Pow(2, Math.Min(tries, 8) * Random.Shared.NextDouble());
                await Task.Delay(pause, cancellation);
            }
        }
    }

    /// <summary>Reads many keys, some at a time, and gives each result as it comes. A key that fails does not end the others.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="settings">Overrides of the bucket's options for each request.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public IAsyncEnumerable<KeyResult<Versioned<T>>> GetManyAsync(IEnumerable<string> keys, RequestSettings? settings = null, CancellationToken cancellation = default) =>
        ManyAsync(keys, key => key, (key, token) => GetAsync(key, settings, token), cancellation);

    /// <summary>Writes many keys, some at a time, and gives each result as it comes. A key that fails does not end the others.</summary>
    /// <param name="values">The keys and values. The puts replace nothing: values that are there stay as siblings.</param>
    /// <param name="settings">Overrides of the bucket's options for each request.</param>
    /// <param name="cancellation">Ends the writing; puts under way may still take effect.</param>
    public IAsyncEnumerable<KeyResult<PutResult>> PutManyAsync(
        IEnumerable<KeyValuePair<string, T>> values, RequestSettings? settings = null, CancellationToken cancellation = default) =>
        ManyAsync(values, v => v.Key, (v, token) => PutAsync(v.Key, v.Value, DynamoContext.None, settings, token), cancellation);

    /// <summary>Lists the keys of the bucket; those that are not UTF-8 are left out.</summary>
    /// <inheritdoc cref="DynamoClient.ListAsync"/>
    public async IAsyncEnumerable<string> ListAsync(string prefix = "", RequestSettings? settings = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var key in _client.ListAsync(Name, Encoding.UTF8.GetBytes(prefix), settings, cancellation))
            if (System.Text.Unicode.Utf8.IsValid(key.Bytes.Span)) yield return Encoding.UTF8.GetString(key.Bytes.Span);
    }

    private static async IAsyncEnumerable<KeyResult<TResult>> ManyAsync<TItem, TResult>(
        IEnumerable<TItem> items, Func<TItem, string> keyOf, Func<TItem, CancellationToken, Task<TResult>> act, [EnumeratorCancellation] CancellationToken cancellation)
        where TResult : class
    {
        // Bounded, so that a slow reader holds up the requests.
        var results = Channel.CreateBounded<KeyResult<TResult>>(AtOnce);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var acting = Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ended.Token }, async (item, token) =>
        {
            KeyResult<TResult> result;
            try
            {
                result = new KeyResult<TResult>(keyOf(item), await act(item, token), null);
            }
            catch (DynamoException e)
            {
                result = new KeyResult<TResult>(keyOf(item), null, e);
            }
            await results.Writer.WriteAsync(result, token);
        }).ContinueWith(done => results.Writer.Complete(done.Exception?.GetBaseException()), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        try
        {
            await foreach (var result in results.Reader.ReadAllAsync(cancellation)) yield return result;
        }
        finally
        {
            await ended.CancelAsync();
            await acting;
        }
    }

    private DynamoKey Key(string key) => new(key, Name);
}
