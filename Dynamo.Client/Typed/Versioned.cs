using System.Diagnostics.CodeAnalysis;

namespace Dynamo.Client.Typed;

/// <summary>A value with the context for its next put.</summary>
/// <param name="IsFound">False: the key has no value.</param>
/// <param name="Value">The value, or what the resolver made of the siblings; the default when there is none.</param>
/// <param name="Context">Has seen all siblings, so that a put with it replaces them. A deleted key has a context too.</param>
/// <param name="Siblings">How many siblings there were.</param>
/// <typeparam name="T">The type of the value.</typeparam>
public sealed record Versioned<T>([property: MemberNotNullWhen(true, "Value")] bool IsFound, T? Value, DynamoContext Context, int Siblings);

/// <summary>What became of one key of several.</summary>
/// <param name="Key">The key.</param>
/// <param name="Result">Null: the request failed.</param>
/// <param name="Error">Null: it succeeded.</param>
/// <typeparam name="TResult">The type of the result.</typeparam>
public sealed record KeyResult<TResult>(string Key, TResult? Result, DynamoException? Error)
    where TResult : class;
