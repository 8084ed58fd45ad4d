using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Unicode;
using Dynamo.Client;
using Dynamo.Http.Answers;
using Dynamo.Http.Documents;
using Dynamo.Http.Routing;
using Microsoft.AspNetCore.Http;

namespace Dynamo.Http.Keys;

/// <summary>Sends what a key holds, in the form that the request prefers.</summary>
internal static class Values
{
    private static readonly ImmutableArray<string> OfOne = [MediaTypes.Bytes, MediaTypes.Json];
    private static readonly ImmutableArray<string> OfText = [MediaTypes.Bytes, MediaTypes.Text, MediaTypes.Json];

    public static Task SendAsync(HttpContext http, DynamoKey key, GetResult got)
    {
        if (got.Values.Count + got.Data.Count > 1) return SiblingsAsync(http, key, got);
        // A data type has no bytes of its own.
        if (got.Values is not [var value]) return DocumentAsync(http, key, got, StatusCodes.Status200OK);
        return MediaTypes.Preferred(http.Request, Utf8.IsValid(value.Span) ? OfText : OfOne) switch
        {
            MediaTypes.Json => DocumentAsync(http, key, got, StatusCodes.Status200OK),
            MediaTypes.Text => Answer.SendAsync(http, value, $"{MediaTypes.Text}; charset=utf-8"),
            var other => Answer.SendAsync(http, value, other),
        };
    }

    private static Task DocumentAsync(HttpContext http, DynamoKey key, GetResult got, int status) =>
        Answer.JsonAsync(http, KeyDocument.Of(key, got), HttpJson.Plain.KeyDocument, status);

    private static Task SiblingsAsync(HttpContext http, DynamoKey key, GetResult got) =>
        MediaTypes.Preferred(http.Request, MediaTypes.Json, MediaTypes.Multipart) == MediaTypes.Json
            ? DocumentAsync(http, key, got, StatusCodes.Status300MultipleChoices) : PartsAsync(http, got);

    // A random boundary of 128 bits is in no value.
    private static async Task PartsAsync(HttpContext http, GetResult got)
    {
        var boundary = $"dynamo-{Guid.NewGuid():n}";
        http.Response.StatusCode = StatusCodes.Status300MultipleChoices;
        http.Response.ContentType = $"{MediaTypes.Multipart}; boundary={boundary}";
        foreach (var value in got.Values) await PartAsync(MediaTypes.Bytes, value);
        foreach (var data in got.Data) await PartAsync(MediaTypes.Json, JsonSerializer.SerializeToUtf8Bytes(TypedValue.Of(data), HttpJson.Plain.TypedValue));
        await http.Response.WriteAsync($"--{boundary}--\r\n", http.RequestAborted);

        async Task PartAsync(string type, ReadOnlyMemory<byte> body)
        {
            await http.Response.WriteAsync($"--{boundary}\r\nContent-Type: {type}\r\n\r\n", http.RequestAborted);
            await http.Response.Body.WriteAsync(body, http.RequestAborted);
            await http.Response.WriteAsync("\r\n", http.RequestAborted);
        }
    }
}
