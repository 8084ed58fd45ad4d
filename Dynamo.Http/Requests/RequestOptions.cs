using System.Collections.Immutable;
using System.Globalization;
using Dynamo.Client;
using Dynamo.Core.Buckets;
using Dynamo.Http.Errors;
using Dynamo.Http.Routing;

namespace Dynamo.Http.Requests;

/// <summary>The options of a request in its query: quorum, timeout, life of the value.</summary>
internal static class RequestOptions
{
    private static readonly double LongestMs = DynamoClient.LongestTimeout.TotalMilliseconds;

    public static readonly ImmutableArray<RouteParameter> Timeout =
        [Query("timeout", typeof(string), "Time limit: 500ms, 3s, 1m; from 1ms to 60m. Default: dynamo.request.timeout, 3s.")];

    public static readonly ImmutableArray<RouteParameter> Read =
    [
        Query("r", typeof(int), "Replicas that must answer, 1 to N. Default: the bucket's."),
        Query("pr", typeof(int), "Primaries that must answer, 0 to N. Default: the bucket's."),
        Query("n", typeof(int), $"Replicas that take part, 1 to {QuorumRules.MaxN}. Default: the bucket's."),
        .. Timeout,
    ];

    public static readonly ImmutableArray<RouteParameter> Delete =
    [
        Query("w", typeof(int), "Nodes that must store the write, 1 to N. Default: the bucket's."),
        Query("pw", typeof(int), "Primaries that must store the write, 0 to N. Default: the bucket's."),
        Query("dw", typeof(int), "Nodes that must have the write on disk, 0 to N. Default: the bucket's."),
        .. Read,
    ];

    public static readonly ImmutableArray<RouteParameter> Write =
        [.. Delete, Query("ttl", typeof(string), "How long the value lives: 30m, 1d; from 1s to 36500d, or never. Default: the bucket's.")];

    public static string[] NamesOf(ImmutableArray<RouteParameter> parameters) => [.. parameters.Where(p => p.Place == ParameterPlace.Query).Select(p => p.Name)];

    /// <exception cref="ProblemException">A parameter is not what is wanted.</exception>
    public static RequestSettings Of(QueryText query) => new(
        query.Number("n", 1, QuorumRules.MaxN), query.Number("r", 1, QuorumRules.MaxN), query.Number("w", 1, QuorumRules.MaxN),
        query.Number("pr", 0, QuorumRules.MaxN), query.Number("pw", 0, QuorumRules.MaxN), query.Number("dw", 0, QuorumRules.MaxN),
        TimeoutOf(query), TtlOf(query));

    public static TimeSpan? TimeoutOf(QueryText query) => query.Text("timeout") is not { } text ? null
        : Milliseconds(text) is { } ms && ms >= 1 && ms <= LongestMs ? TimeSpan.FromMilliseconds(ms) : throw ProblemException.Wrong("timeout", text, "a duration from 1ms to 60m");

    private static RouteParameter Query(string name, Type type, string description) => new(name, ParameterPlace.Query, type, description);

    private static TimeSpan? TtlOf(QueryText query) => query.Text("ttl") switch
    {
        null => null,
        "never" => TimeSpan.Zero,
        var text => Milliseconds(text) is { } ms && ms >= BucketOptions.MinTtlMs && ms <= BucketOptions.MaxTtlMs
            ? TimeSpan.FromMilliseconds(ms) : throw ProblemException.Wrong("ttl", text, "a time from 1s to 36500d, with ms, s, m, h or d, or never"),
    };

    private static double? Milliseconds(string text)
    {
        var digits = text.TrimEnd('m', 's', 'h', 'd');
        double? scale = text[digits.Length..] switch { "ms" => 1, "s" => 1000, "m" => 60_000, "h" => 3_600_000, "d" => 86_400_000, _ => null };
        return scale is { } unit && double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number * unit : null;
    }
}
