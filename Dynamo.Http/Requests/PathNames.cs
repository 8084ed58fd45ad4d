using Dynamo.Client;
using Dynamo.Core.Ring;
using Dynamo.Http.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Dynamo.Http.Requests;

/// <summary>
/// The bucket and the key of a request's path. A key is any bytes but zero, which Kestrel refuses; also "/", "." and what is no UTF-8, which the server's decoded path cannot show. So they are
/// read from the request line, and the path that routing sees has a dash in their places.
/// </summary>
/// <param name="Key">Null: the path has none.</param>
internal sealed record PathNames(string? Bucket, ReadOnlyMemory<byte>? Key)
{
    private const string Place = "-";

    /// <exception cref="ProblemException">The path has no bucket or no key.</exception>
    public static DynamoKey KeyOf(HttpContext http) =>
        http.Features.Get<PathNames>() is { Key: { } key, Bucket: { } bucket } ? new DynamoKey(key, bucket) : throw new ProblemException(404, "the path names no key");

    /// <exception cref="ProblemException">The path has no bucket.</exception>
    public static string BucketOf(HttpContext http) => http.Features.Get<PathNames>()?.Bucket ?? throw new ProblemException(404, "the path names no bucket");

    /// <summary>Reads the names and replaces them in the request's path.</summary>
    /// <exception cref="ProblemException">A name is empty or not percent-encoded.</exception>
    public static void Take(HttpContext http)
    {
        var (names, path) = Of(http.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "");
        if (path is null) return;
        http.Features.Set(names);
        http.Request.Path = path;
    }

    /// <returns>The names, and the path for routing; null: the path has no names.</returns>
    public static (PathNames? Names, string? Path) Of(string target)
    {
        var segments = PathOf(target).Split('/');
        // "/buckets/b/keys/k" is "", "buckets", "b", "keys", "k".
        return segments switch
        {
            ["", "buckets", _, ..] when segments is not ["", "buckets", ""] => Names(segments, bucket: 2, key: 4),
            ["", "admin", "explain", _, _, ..] => Names(segments, bucket: 3, key: 4),
            _ => (null, null),
        };
    }

    private static (PathNames, string) Names(string[] segments, int bucket, int key)
    {
        var bucketName = PercentText.Text(PercentText.Decode(segments[bucket], "bucket"), "bucket");
        if (bucketName.Length == 0) throw new ProblemException(400, "bucket: the name is empty", "bucket", $"1 to {StorageKey.MaxBucketBytes} bytes");
        // A conditional expression would take null for empty bytes.
        ReadOnlyMemory<byte>? keyBytes = null;
        if (segments.Length > key) keyBytes = PercentText.Decode(segments[key], "key");
        if (keyBytes is { IsEmpty: true }) throw new ProblemException(400, "key: the key is empty: it must have at least 1 byte", "key", "at least 1 byte");
        segments[bucket] = Place;
        if (keyBytes is not null) segments[key] = Place;
        return (new PathNames(bucketName, keyBytes), string.Join('/', segments));
    }

    // A proxy may send the whole address.
    private static string PathOf(string target)
    {
        var query = target.IndexOf('?', StringComparison.Ordinal);
        if (query >= 0) target = target[..query];
        if (target.StartsWith('/')) return target;
        var host = target.IndexOf("://", StringComparison.Ordinal);
        var path = host < 0 ? -1 : target.IndexOf('/', host + 3);
        return path < 0 ? "" : target[path..];
    }
}
