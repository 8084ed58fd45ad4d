using System.Net;
using Dynamo.Http.Errors;
using Microsoft.AspNetCore.Http;

namespace Dynamo.Http.Server;

/// <summary>
/// Refuses what the pages of other sites make a browser send. Without a password, a page that an operator visits could otherwise administer the cluster on
/// the operator's own machine: by a plain form, or by a name of its own that leads to 127.0.0.1.
/// </summary>
internal static class BrowserGuard
{
    /// <returns>Why the request is refused, or null.</returns>
    /// <param name="isLoopback">The server listens on a loopback address, so that nobody reaches it by another name.</param>
    public static string? WhyNot(string host, string origin, bool isLoopback)
    {
        if (origin.Length > 0 && (!Uri.TryCreate(origin, UriKind.Absolute, out var from) || !from.Authority.Equals(host, StringComparison.OrdinalIgnoreCase)))
            return $"Origin: a page of '{origin}' may not use this node";
        return isLoopback && !IsLoopback(new HostString(host).Host) ? $"Host: '{host}' is not a loopback address, and the node listens on one (dynamo.http.hostname)" : null;
    }

    public static RequestDelegate Guarding(RequestDelegate next, bool isLoopback) => http =>
        WhyNot(http.Request.Host.Value ?? "", http.Request.Headers.Origin.ToString(), isLoopback) is { } reason
            ? throw new ProblemException(403, reason) : next(http);

    private static bool IsLoopback(string host) => host.Length == 0 || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
