using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;

namespace Dynamo.Http.Routing;

/// <summary>A route: what serves it, and what the OpenAPI document says of it. Both come from here, so they cannot differ.</summary>
/// <param name="Pattern">A bucket and a key of any bytes are one segment each: see Requests/PathNames.cs.</param>
/// <param name="Name">The operation's id.</param>
/// <param name="Group">The heading under which the document shows it.</param>
internal sealed record Route(string Method, string Pattern, string Name, string Group, string Summary, RequestDelegate Handler)
{
    /// <summary>More than the summary says; empty: nothing.</summary>
    public string Description { get; init; } = "";

    public ImmutableArray<RouteParameter> Parameters { get; init; } = [];

    /// <summary>Null: the route takes no body.</summary>
    public RouteBody? Body { get; init; }

    public ImmutableArray<RouteAnswer> Answers { get; init; } = [];

    /// <summary>True when HEAD is served as well.</summary>
    public bool HasHead { get; init; }
}

internal enum ParameterPlace
{
    Path,
    Query,
    Header,
}

/// <param name="Description">What it means, its default and its limit.</param>
internal sealed record RouteParameter(string Name, ParameterPlace Place, Type Type, string Description);

/// <param name="Type">Null: any bytes.</param>
/// <param name="Example">A body that works.</param>
internal sealed record RouteBody(Type? Type, string Example, string Description, bool IsRequired = true);

/// <param name="Type">Null: no body, or any bytes.</param>
internal sealed record RouteAnswer(int Status, string Description, Type? Type = null, params ImmutableArray<string> MediaTypes);
