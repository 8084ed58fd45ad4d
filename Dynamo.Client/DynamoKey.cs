using System.Text;
using Dynamo.Core.Ring;

namespace Dynamo.Client;

/// <summary>A key in a bucket: any bytes, or text as UTF-8.</summary>
public readonly record struct DynamoKey : IEquatable<DynamoKey>
{
    // Invalid Unicode, such as half a surrogate pair, must not turn into another key.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Creates a key of bytes in the default bucket.</summary>
    /// <param name="bytes">At least 1 byte; requests with an empty key fail.</param>
    public DynamoKey(ReadOnlyMemory<byte> bytes)
        : this(bytes, StorageKey.DefaultBucket)
    {
    }

    /// <summary>Creates a key of bytes.</summary>
    /// <param name="bytes">At least 1 byte; requests with an empty key fail.</param>
    /// <param name="bucket">The key's name space.</param>
    public DynamoKey(ReadOnlyMemory<byte> bytes, string bucket)
    {
        Bytes = bytes;
        Bucket = bucket;
    }

    /// <summary>Creates a key of text, as UTF-8, in the default bucket.</summary>
    /// <param name="text">Valid Unicode.</param>
    /// <exception cref="DynamoBadRequestException">The text is not valid Unicode.</exception>
    public DynamoKey(string text)
        : this(text, StorageKey.DefaultBucket)
    {
    }

    /// <summary>Creates a key of text, as UTF-8.</summary>
    /// <param name="text">Valid Unicode.</param>
    /// <param name="bucket">The key's name space.</param>
    /// <exception cref="DynamoBadRequestException">The text is not valid Unicode.</exception>
    public DynamoKey(string text, string bucket)
        : this(BytesOf(text), bucket)
    {
    }

    /// <summary>The bytes of the key.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The key's name space, with its own options.</summary>
    public string Bucket { get; }

    /// <summary>Converts text to a key in the default bucket.</summary>
    public static implicit operator DynamoKey(string text) => new(text);

    /// <inheritdoc/>
    public bool Equals(DynamoKey other) => Bucket == other.Bucket && Bytes.Span.SequenceEqual(other.Bytes.Span);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(Bucket);
        hash.AddBytes(Bytes.Span);
        return hash.ToHashCode();
    }

    /// <summary>The key as logs show it: text if it is text, otherwise hex.</summary>
    public override string ToString() => Bytes.IsEmpty ? "" : StorageKey.Of(Bucket, Bytes.Span).ToString();

    private static byte[] BytesOf(string text)
    {
        try
        {
            return Strict.GetBytes(text);
        }
        catch (EncoderFallbackException)
        {
            throw new DynamoBadRequestException("the key is not valid Unicode: pass it as bytes");
        }
    }
}
