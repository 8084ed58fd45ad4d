using Dynamo.Core.Versioning;

namespace Dynamo.Client;

/// <summary>
/// Records what a reader or writer of a key has seen, for its next put. Opaque, sealed by the cluster, and valid for that key only. A put
/// replaces what its context has seen and nothing else.
/// </summary>
public readonly record struct DynamoContext
{
    /// <summary>The empty context: a put with it replaces nothing and is kept beside existing values.</summary>
    public static readonly DynamoContext None;

    internal DynamoContext(ReadOnlyMemory<byte> token) => Token = token;

    internal ReadOnlyMemory<byte> Token { get; }

    /// <summary>True for the empty context.</summary>
    public bool IsNone => Token.IsEmpty;

    /// <summary>Parses the output of <see cref="ToString"/>.</summary>
    /// <exception cref="DynamoBadContextException">The text is not a context.</exception>
    public static DynamoContext Parse(string text)
    {
        try
        {
            return new DynamoContext(ContextToken.FromText(text));
        }
        catch (BadContextException e)
        {
            throw new DynamoBadContextException(e.Message);
        }
    }

    /// <inheritdoc/>
    public bool Equals(DynamoContext other) => Token.Span.SequenceEqual(other.Token.Span);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Token.Span);
        return hash.ToHashCode();
    }

    /// <summary>The context as base64url text.</summary>
    public override string ToString() => ContextToken.ToText(Token.Span);
}
