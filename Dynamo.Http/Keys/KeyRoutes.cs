using System.Collections.Immutable;
using Dynamo.Client;
using Dynamo.Http.Answers;
using Dynamo.Http.Documents;
using Dynamo.Http.Errors;
using Dynamo.Http.Requests;
using Dynamo.Http.Routing;
using Microsoft.AspNetCore.Http;

namespace Dynamo.Http.Keys;

/// <summary>Get, put and delete of a key.</summary>
internal sealed class KeyRoutes(NodeAccess node)
{
    private const string Pattern = "/buckets/{bucket}/keys/{key}";
    private static readonly RouteParameter Context = new(
        Answer.ContextHeader, ParameterPlace.Header, typeof(string), "The context of a get or an earlier write of the key: the write replaces what it has seen and nothing else.");

    private static readonly RouteParameter IfMatch = new(
        "If-Match", ParameterPlace.Header, typeof(string), "A context in double quotes: the write is refused if the key holds something that the context has not seen.");

    private static readonly RouteParameter IfNoneMatch = new("If-None-Match", ParameterPlace.Header, typeof(string), "*: the put is refused if the key has a value.");
    private static readonly RouteParameter Prefer = new("Prefer", ParameterPlace.Header, typeof(string), "return=minimal: 204 without the receipt; the new context is in the headers.");

    private static readonly string[] Reads = RequestOptions.NamesOf(RequestOptions.Read);
    private static readonly string[] Writes = RequestOptions.NamesOf(RequestOptions.Write);
    private static readonly string[] Deletes = RequestOptions.NamesOf(RequestOptions.Delete);

    public IEnumerable<Route> All =>
    [
        new("GET", Pattern, "getKey", "keys", "Reads a key", GetAsync)
        {
            Description = $"One value is the body as it was put. The context is in {Answer.ContextHeader} and, quoted, in ETag: give it to the next put or delete of the key.",
            Parameters = [.. Names.Key, .. RequestOptions.Read, new("If-None-Match", ParameterPlace.Header, typeof(string), "An ETag: 304 if the key still holds the same.")],
            HasHead = true,
            Answers =
            [
                new(200, "The value. text/plain only if it is UTF-8; application/json: with the context, as for 300.", null, MediaTypes.Bytes, MediaTypes.Text, MediaTypes.Json),
                new(300, "Siblings: concurrent writes. Put one value with this context to resolve them.", typeof(KeyDocument), MediaTypes.Json, MediaTypes.Multipart),
                new(304, "The key still holds what the ETag says."), Failures.Problem(404, "Never written, deleted or expired; the context is in the header."), .. Failures.Request,
            ],
        },
        new("PUT", Pattern, "putKey", "keys", "Writes a key", PutAsync)
        {
            Description = "Without a context or condition the put is blind: it replaces nothing, and the value stays beside what the key holds, as a sibling.",
            Parameters = [.. Names.Key, .. RequestOptions.Write, Context, IfMatch, IfNoneMatch, Prefer],
            Body = new(null, "apple", $"Any bytes, up to dynamo.limits.value-bytes ({node.MaxValueBytes} on this node). The Content-Type is not kept.", IsRequired: false),
            Answers = [new(200, "The receipt.", typeof(ReceiptDocument), MediaTypes.Json), new(204, "As 200, without the receipt."), Failures.Condition, Failures.TooLarge, .. Failures.Request],
        },
        new("DELETE", Pattern, "deleteKey", "keys", "Deletes a key", DeleteAsync)
        {
            Description = "Deletes what the context has seen. Without a context the key is read first, and what that shows is deleted; a concurrent write stays.",
            Parameters = [.. Names.Key, .. RequestOptions.Delete, Context, IfMatch, Prefer],
            Answers =
            [
                new(200, "The receipt.", typeof(ReceiptDocument), MediaTypes.Json), new(204, "As 200, without the receipt."),
                Failures.Problem(404, "The key has no value, and no context was given."), Failures.Condition, .. Failures.Request,
            ],
        },
    ];

    private async Task GetAsync(HttpContext http)
    {
        var key = PathNames.KeyOf(http);
        var got = await node.Client.GetAsync(key, RequestOptions.Of(new QueryText(http.Request, Reads)), http.RequestAborted);
        Answer.AddContext(http.Response, got.Context);
        if (!got.IsFound) throw Failures.NoValue(key);
        http.Response.Headers.Vary = "Accept";
        if (Condition.IsKnown(http.Request, got.Context)) http.Response.StatusCode = StatusCodes.Status304NotModified;
        else await Values.SendAsync(http, key, got);
    }

    private async Task PutAsync(HttpContext http)
    {
        var (key, settings, condition) = (PathNames.KeyOf(http), RequestOptions.Of(new QueryText(http.Request, Writes)), Condition.Of(http.Request));
        var value = await Body.ValueAsync(http, node.MaxValueBytes);
        await ReceiptAsync(http, await (condition switch
        {
            { IsIfAbsent: true } => node.Client.PutIfAbsentAsync(key, value, settings, http.RequestAborted),
            { IsIfUnchanged: true } => node.Client.PutIfUnchangedAsync(key, value, condition.Context, settings, http.RequestAborted),
            _ => node.Client.PutAsync(key, value, condition.Context, settings, http.RequestAborted),
        }));
    }

    private async Task DeleteAsync(HttpContext http)
    {
        var (key, settings, condition) = (PathNames.KeyOf(http), RequestOptions.Of(new QueryText(http.Request, Deletes)), Condition.Of(http.Request));
        if (condition.IsIfAbsent) throw new ProblemException(400, "If-None-Match: a delete of a key that has no value does nothing", "If-None-Match");
        var context = condition.Context;
        if (context.IsNone)
        {
            var got = await node.Client.GetAsync(key, settings, http.RequestAborted);
            Answer.AddContext(http.Response, got.Context);
            if (!got.IsFound) throw Failures.NoValue(key);
            context = got.Context;
        }
        await ReceiptAsync(http, await (condition.IsIfUnchanged
            ? node.Client.DeleteIfUnchangedAsync(key, context, settings, http.RequestAborted)
            : node.Client.DeleteAsync(key, context, settings, http.RequestAborted)));
    }

    private static Task ReceiptAsync(HttpContext http, PutResult put)
    {
        Answer.AddContext(http.Response, put.Context);
        if (!http.Request.Headers["Prefer"].ToString().Contains("return=minimal", StringComparison.OrdinalIgnoreCase))
            return Answer.JsonAsync(http, ReceiptDocument.Of(put), HttpJson.Plain.ReceiptDocument);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
