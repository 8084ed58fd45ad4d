using System.Globalization;
using Dynamo.Http.Errors;
using Microsoft.AspNetCore.Http;

namespace Dynamo.Http.Requests;

/// <summary>The parameters of a request's query. A parameter that the route does not know is refused: a typo must not silently keep the default.</summary>
internal sealed class QueryText
{
    private readonly Dictionary<string, byte[]> _values = new(StringComparer.Ordinal);

    /// <param name="known">The names of the route's parameters.</param>
    /// <exception cref="ProblemException">A parameter is unknown, given twice, or not percent-encoded.</exception>
    public QueryText(HttpRequest request, params IReadOnlyCollection<string> known)
    {
        foreach (var part in (request.QueryString.Value ?? "").TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var sign = part.IndexOf('=', StringComparison.Ordinal);
            var encoded = sign < 0 ? part : part[..sign];
            var name = PercentText.Text(PercentText.Decode(encoded, "query", isQuery: true), "query");
            if (!known.Contains(name))
                throw new ProblemException(400, $"{name}: there is no such parameter here: {(known.Count == 0 ? "there are none" : $"there are {string.Join(", ", known)}")}", name);
            if (!_values.TryAdd(name, PercentText.Decode(sign < 0 ? "" : part[(sign + 1)..], name, isQuery: true)))
                throw new ProblemException(400, $"{name}: given more than once", name);
        }
    }

    public byte[] Bytes(string name) => _values.GetValueOrDefault(name) ?? [];

    /// <returns>Null: it is not given.</returns>
    /// <exception cref="ProblemException">It is not UTF-8.</exception>
    public string? Text(string name) => _values.TryGetValue(name, out var bytes) ? PercentText.Text(bytes, name) : null;

    /// <returns>Null: it is not given.</returns>
    /// <exception cref="ProblemException">It is not a number of the range.</exception>
    public int? Number(string name, int min, int max) => Text(name) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number : throw ProblemException.Wrong(name, text, $"a whole number from {min} to {max}");
}
