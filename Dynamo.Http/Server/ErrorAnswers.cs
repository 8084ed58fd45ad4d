using Dynamo.Http.Answers;
using Dynamo.Http.Documents;
using Dynamo.Http.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Dynamo.Http.Server;

/// <summary>Answers each failure with a problem. A failure after the first byte of an answer cuts the connection.</summary>
internal sealed partial class ErrorAnswers(RequestDelegate next, ILogger<ErrorAnswers> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
            if (http.Response is { HasStarted: false, ContentType: null, StatusCode: 404 or 405 }) await Answer.ProblemAsync(http, Unrouted(http));
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone.
        }
        catch (Exception e)
        {
            var problem = Problems.Of(e);
            if (problem is null) Failed(logger, e, http.Request.Method, http.Request.Path);
            if (http.Response.HasStarted) http.Abort();
            else await Answer.ProblemAsync(http, problem ?? Problem.Of(500, "the node failed to answer: its log says why"));
        }
    }

    private static Problem Unrouted(HttpContext http) => http.Response.StatusCode == 405
        ? Problem.Of(405, $"{http.Request.Method} is not served here: {http.Response.Headers.Allow} is", "method", http.Response.Headers.Allow.ToString())
        : Problem.Of(404, "there is no such route: GET /openapi/v1.json lists them, and a slash in a name is written %2F");

    [LoggerMessage(1, LogLevel.Error, "{Method} {Path} failed")]
    private static partial void Failed(ILogger logger, Exception e, string method, string path);
}
