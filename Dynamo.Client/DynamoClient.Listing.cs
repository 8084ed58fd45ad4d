using System.Runtime.CompilerServices;
using Dynamo.Core.Listing;
using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;
using Dynamo.Core.Wire;
using Dynamo.Protocol;

namespace Dynamo.Client;

public sealed partial class DynamoClient
{
    private const int KeysPerPage = 1000;

    /// <summary>
    /// Lists the keys of a bucket, each once, page by page, with bounded memory. The order is that of the ring, which is no order to a reader. A key that is
    /// written or deleted meanwhile may be listed or not. R replicas of each partition are asked.
    /// </summary>
    /// <param name="bucket">The bucket. All keys of the cluster are looked at, whatever the bucket.</param>
    /// <param name="prefix">The first bytes of the keys wanted; empty: all keys.</param>
    /// <param name="settings">R, and the timeout of one page.</param>
    /// <param name="cancellation">Ends the listing.</param>
    /// <exception cref="DynamoException">See its derived types. The listing can go on after the last token of <see cref="ListPageAsync"/>.</exception>
    public async IAsyncEnumerable<DynamoKey> ListAsync(
        string bucket, ReadOnlyMemory<byte> prefix = default, RequestSettings? settings = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        for (string? token = ""; token is not null;)
        {
            (var keys, token) = await ListPageAsync(bucket, prefix, token, KeysPerPage, settings, cancellation);
            foreach (var key in keys) yield return key;
        }
    }

    /// <summary>One page of a listing; see <see cref="ListAsync"/>.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="prefix">The first bytes of the keys wanted; empty: all keys.</param>
    /// <param name="token">The token of the page before; empty: the first page is wanted. It is valid for ever, on any node.</param>
    /// <param name="max">From 1 to 1000 keys. A page may have fewer, or none, before the end.</param>
    /// <param name="settings">R, and the timeout.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="DynamoBadRequestException">The token is not one of a listing.</exception>
    /// <exception cref="DynamoException">See its derived types.</exception>
    public async Task<ListPage> ListPageAsync(
        string bucket, ReadOnlyMemory<byte> prefix, string token, int max = KeysPerPage, RequestSettings? settings = null, CancellationToken cancellation = default)
    {
        if (StorageKey.WhyNotBucket(bucket) is { } reason) throw new DynamoBadRequestException(reason);
        if (max is < 1 or > KeysPerPage) throw new DynamoBadRequestException($"a page has from 1 to {KeysPerPage} keys, not {max}");
        var reply = await PageAsync(PlaceOf(token), bucket, prefix, max, settings, cancellation);
        return new ListPage([.. reply.Keys.Select(k => new DynamoKey(k.Key.ToArray(), bucket))], reply.Next is { } next ? TokenOf(next) : null);
    }

    /// <summary>Lists the names of all buckets with a key, in no order. All keys of the cluster are looked at.</summary>
    /// <param name="settings">R, and the timeout of one page.</param>
    /// <param name="cancellation">Ends the listing.</param>
    /// <exception cref="DynamoException">See its derived types.</exception>
    public async IAsyncEnumerable<string> ListBucketsAsync(RequestSettings? settings = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var met = new HashSet<string>();
        for (ListPlace? place = ListPlace.Start; place is { } at;)
        {
            var reply = await PageAsync(at, "", default, KeysPerPage, settings, cancellation);
            foreach (var key in reply.Keys)
                if (met.Add(key.Bucket)) yield return key.Bucket;
            place = reply.Next;
        }
    }

    private async Task<ListReply> PageAsync(
        ListPlace place, string bucket, ReadOnlyMemory<byte> prefix, int max, RequestSettings? settings, CancellationToken cancellation)
    {
        var asked = settings ?? RequestSettings.Default;
        var reply = await AskAsync(new ListRequest(0, place, bucket, prefix, max, asked, 0), asked, cancellation);
        return reply as ListReply ?? throw Failure(reply);
    }

    private static string TokenOf(ListPlace place)
    {
        var to = new ByteWriter();
        to.Fixed64(place.From.Value);
        to.Bytes(place.After?.Encoded ?? []);
        return ContextToken.ToText(to.Written);
    }

    private static ListPlace PlaceOf(string token)
    {
        if (token.Length == 0) return ListPlace.Start;
        try
        {
            var from = new ByteReader(ContextToken.FromText(token));
            var (first, after) = (new Token(from.Fixed64()), from.Bytes());
            from.End();
            return new ListPlace(first, after.IsEmpty ? null : StorageKey.FromEncoded(after.Span));
        }
        catch (Exception e) when (e is MalformedBytesException or BadContextException)
        {
            throw new DynamoBadRequestException($"'{token}' is not the token of a listing");
        }
    }
}

/// <summary>One page of a listing.</summary>
/// <param name="Keys">The keys.</param>
/// <param name="Next">The token of the next page; null: this is the last one.</param>
public sealed record ListPage(IReadOnlyList<DynamoKey> Keys, string? Next);
