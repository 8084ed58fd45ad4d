using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dynamo.Http.Errors;
using Dynamo.Http.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Dynamo.Http.Requests;

/// <summary>Reads a request's body. Its size is checked while it is read, so no more than the limit is ever held.</summary>
internal static class Body
{
    private const int Step = 16 << 10;
    private const string ValueLimit = "dynamo.limits.value-bytes";

    // Escapes and base64 make bytes longer.
    private const int JsonFactor = 2;
    private const int JsonExtra = 4 << 10;

    /// <exception cref="ProblemException">The value is longer than the limit.</exception>
    public static Task<ReadOnlyMemory<byte>> ValueAsync(HttpContext http, int maxValueBytes) =>
        ReadAsync(http, maxValueBytes, bytes => $"the value has {bytes} bytes: {maxValueBytes} is the limit ({ValueLimit})");

    /// <param name="example">A body that works, for the error.</param>
    /// <param name="otherwise">The document that no body stands for; null: a body is needed.</param>
    /// <exception cref="ProblemException">The body is too long, is not JSON, or has another shape.</exception>
    public static async Task<T> JsonAsync<T>(HttpContext http, int maxValueBytes, JsonTypeInfo<T> type, string example, T? otherwise = null)
        where T : class
    {
        var limit = (maxValueBytes * JsonFactor) + JsonExtra;
        var bytes = await ReadAsync(http, limit, length => $"the body has {length} bytes: {limit} is the limit ({JsonFactor} times {ValueLimit}, and {JsonExtra})");
        if (bytes.IsEmpty) return otherwise ?? throw new ProblemException(400, $"the body is empty: {example} is wanted", "body", example);
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var given) || !given.MediaType.Equals(MediaTypes.Json, StringComparison.OrdinalIgnoreCase))
            throw new ProblemException(415, $"Content-Type: '{http.Request.ContentType}' is not {MediaTypes.Json}", "Content-Type", MediaTypes.Json);
        try
        {
            return JsonSerializer.Deserialize(bytes.Span, type) ?? throw new ProblemException(400, $"the body is null: {example} is wanted", "body", example);
        }
        catch (JsonException e)
        {
            var field = e.Path is { Length: > 2 } path ? path[2..] : "body";
            throw new ProblemException(400, $"{field}: is not JSON, not known here, given twice, or not of its type: {example} is wanted", field, example);
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext http, int limit, Func<string, string> tooLong)
    {
        if (http.Request.ContentLength > limit) throw TooLong($"{http.Request.ContentLength}");
        using var all = new MemoryStream((int)Math.Min(http.Request.ContentLength ?? 0, Step));
        var step = new byte[Step];
        for (int read; (read = await http.Request.Body.ReadAsync(step, http.RequestAborted)) > 0;)
        {
            if (all.Length + read > limit) throw TooLong($"more than {limit}");
            all.Write(step, 0, read);
        }
        return all.GetBuffer().AsMemory(0, (int)all.Length);

        ProblemException TooLong(string length) => new(413, tooLong(length), "body", $"{limit} bytes");
    }
}
