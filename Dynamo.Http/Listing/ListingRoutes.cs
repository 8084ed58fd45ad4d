using System.Buffers;
using System.Text.Json;
using Dynamo.Client;
using Dynamo.Http.Answers;
using Dynamo.Http.Documents;
using Dynamo.Http.Requests;
using Dynamo.Http.Routing;
using Microsoft.AspNetCore.Http;

namespace Dynamo.Http.Listing;

/// <summary>Lists buckets and keys. A listing that fails after its first byte ends with a cut connection: its reader must not take it for complete.</summary>
internal sealed class ListingRoutes(NodeAccess node)
{
    private const int KeysPerPage = 1000;
    private static readonly string[] Buckets = ["r", "timeout"];
    private static readonly string[] Keys = ["prefix", "after", "limit", "r", "timeout"];

    private static readonly RouteParameter R = new("r", ParameterPlace.Query, typeof(int), "Replicas of each partition that must answer, 1 to N. Default: the bucket's.");

    public IEnumerable<Route> All =>
    [
        new("GET", "/buckets", "listBuckets", "listing", "Lists the names of all buckets with a key", BucketsAsync)
        {
            Description = "In no order, each once. All keys of the cluster are looked at, so this is for an administrator.",
            Parameters = [R, .. RequestOptions.Timeout],
            Answers = [new(200, "The names, or a line for each.", typeof(BucketsDocument), MediaTypes.Json, MediaTypes.Lines), .. Failures.Request],
        },
        new("GET", "/buckets/{bucket}/keys", "listKeys", "listing", "Lists the keys of a bucket", KeysAsync)
        {
            Description = "In the order of their hashes, each once. As JSON: one page, and the token of the next one. As application/x-ndjson: all keys, a line each.",
            Parameters =
            [
                Names.Bucket, new("prefix", ParameterPlace.Query, typeof(string), "The first bytes of the keys wanted, percent-encoded. Default: all keys."),
                new("after", ParameterPlace.Query, typeof(string), "The token `next` of the page before. Default: from the start."),
                new("limit", ParameterPlace.Query, typeof(int), $"At most so many keys in a page, 1 to {KeysPerPage}; a page may have fewer, or none, before the end. Default {KeysPerPage}."),
                R, .. RequestOptions.Timeout,
            ],
            Answers = [new(200, "A page, or a line for each key.", typeof(KeysDocument), MediaTypes.Json, MediaTypes.Lines), .. Failures.Request],
        },
    ];

    private async Task BucketsAsync(HttpContext http)
    {
        var settings = RequestOptions.Of(new QueryText(http.Request, Buckets));
        var isLines = MediaTypes.Preferred(http.Request, MediaTypes.Json, MediaTypes.Lines) == MediaTypes.Lines;
        await using var names = node.Client.ListBucketsAsync(settings, http.RequestAborted).GetAsyncEnumerator(http.RequestAborted);
        // A listing that fails at once is a problem with a status of its own.
        var isMore = await names.MoveNextAsync();
        http.Response.ContentType = isLines ? MediaTypes.Lines : MediaTypes.Json;
        if (!isLines) await http.Response.WriteAsync("{\"buckets\":[", http.RequestAborted);
        for (var isFirst = true; isMore; isMore = await names.MoveNextAsync(), isFirst = false)
        {
            if (!isLines && !isFirst) http.Response.BodyWriter.Write(","u8);
            http.Response.BodyWriter.Write(isLines
                ? JsonSerializer.SerializeToUtf8Bytes(new BucketLine(names.Current), HttpJson.Plain.BucketLine) : JsonSerializer.SerializeToUtf8Bytes(names.Current, HttpJson.Plain.String));
            if (isLines) http.Response.BodyWriter.Write("\n"u8);
            await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
        }
        if (!isLines) await http.Response.WriteAsync("]}", http.RequestAborted);
    }

    private async Task KeysAsync(HttpContext http)
    {
        var (bucket, query) = (PathNames.BucketOf(http), new QueryText(http.Request, Keys));
        var (settings, prefix, token) = (RequestOptions.Of(query), query.Bytes("prefix"), query.Text("after") ?? "");
        var limit = query.Number("limit", 1, KeysPerPage);
        if (MediaTypes.Preferred(http.Request, MediaTypes.Json, MediaTypes.Lines) == MediaTypes.Lines)
        {
            await LinesAsync(http, bucket, prefix, token, limit ?? KeysPerPage, settings);
            return;
        }
        var page = await node.Client.ListPageAsync(bucket, prefix, token, limit ?? KeysPerPage, settings, http.RequestAborted);
        await Answer.JsonAsync(http, new KeysDocument([.. page.Keys.Select(k => new ByteText(k.Bytes))], page.Next), HttpJson.Plain.KeysDocument);
    }

    // One page is in memory at a time, and a reader that is slow slows the listing.
    private async Task LinesAsync(HttpContext http, string bucket, byte[] prefix, string? token, int limit, RequestSettings settings)
    {
        while (token is not null)
        {
            (var keys, token) = await node.Client.ListPageAsync(bucket, prefix, token, limit, settings, http.RequestAborted);
            if (!http.Response.HasStarted) http.Response.ContentType = MediaTypes.Lines;
            foreach (var key in keys)
            {
                http.Response.BodyWriter.Write(JsonSerializer.SerializeToUtf8Bytes(new KeyLine(new ByteText(key.Bytes)), HttpJson.Plain.KeyLine));
                http.Response.BodyWriter.Write("\n"u8);
            }
            await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
        }
    }
}
