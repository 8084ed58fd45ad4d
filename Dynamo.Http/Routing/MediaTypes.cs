using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Dynamo.Http.Routing;

/// <summary>The media types that are spoken here, and which of them a request prefers.</summary>
internal static class MediaTypes
{
    public const string Bytes = "application/octet-stream";
    public const string Text = "text/plain";
    public const string Json = "application/json";
    public const string Lines = "application/x-ndjson";
    public const string Multipart = "multipart/mixed";
    public const string Problem = "application/problem+json";

    /// <returns>The offer that the Accept header prefers; the first of equals, and the first where none is accepted or there is no header.</returns>
    public static string Preferred(HttpRequest request, params ImmutableArray<string> offers)
    {
        if (request.Headers.Accept.Count == 0 || !MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)) return offers[0];
        return offers.MaxBy(offer => QualityOf(offer, accepted))!;
    }

    // The most exact line that covers the offer decides.
    private static double QualityOf(string offer, IList<MediaTypeHeaderValue> accepted)
    {
        var type = new MediaTypeHeaderValue(offer);
        var line = accepted.Where(type.IsSubsetOf).MaxBy(a => a.MatchesAllTypes ? 0 : a.MatchesAllSubTypes ? 1 : 2);
        return line is null ? 0 : line.Quality ?? 1;
    }
}
