using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dynamo.Client;
using Dynamo.Http.Documents;
using Dynamo.Http.Routing;
using Microsoft.AspNetCore.Http;

namespace Dynamo.Http.Answers;

/// <summary>Writes answers.</summary>
internal static class Answer
{
    public const string ContextHeader = "X-Dynamo-Context";
    private const int RetryAfterSeconds = 1;

    public static Task JsonAsync<T>(HttpContext http, T document, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK) =>
        SendAsync(http, JsonSerializer.SerializeToUtf8Bytes(document, type), MediaTypes.Json, status);

    public static async Task SendAsync(HttpContext http, ReadOnlyMemory<byte> body, string mediaType, int status = StatusCodes.Status200OK)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = mediaType;
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    /// <summary>Adds the context as a header, and as the entity tag for conditional requests.</summary>
    public static void AddContext(HttpResponse response, DynamoContext context)
    {
        response.Headers[ContextHeader] = context.ToString();
        response.Headers.ETag = $"\"{context}\"";
    }

    public static Task ProblemAsync(HttpContext http, Problem problem)
    {
        if (problem.Context is { } context)
        {
            http.Response.Headers[ContextHeader] = context;
            http.Response.Headers.ETag = $"\"{context}\"";
        }
        if (problem.Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable) http.Response.Headers.RetryAfter = $"{RetryAfterSeconds}";
        return SendAsync(http, JsonSerializer.SerializeToUtf8Bytes(problem, HttpJson.Plain.Problem), MediaTypes.Problem, problem.Status);
    }
}
