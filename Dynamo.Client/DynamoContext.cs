using Dynamo.Core.Versioning;

namespace Dynamo.Client;

/// <summary>
/// What a reader or writer of a key has seen, to be handed to its next put: opaque, sealed by the cluster, valid for that key alone. A put
/// replaces what its context saw and nothing else.
/// </summary>
public readonly record struct DynamoContext
{
    /// <summary>Nothing was seen: a put with it is kept beside whatever is there.</summary>
    public static readonly DynamoContext None;

    internal DynamoContext(ReadOnlyMemory<byte> token) => Token = token;

    internal ReadOnlyMemory<byte> Token { get; }

    /// <summary>Nothing was seen.</summary>
    public bool IsNone => Token.IsEmpty;

    /// <summary>Reads what <see cref="ToString"/> printed.</summary>
    /// <exception cref="DynamoBadContextException">The text is not a context's.</exception>
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

    /// <summary>Base64url text.</summary>
    public override string ToString() => ContextToken.ToText(Token.Span);
}
