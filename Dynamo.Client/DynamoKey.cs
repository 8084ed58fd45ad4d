using System.Text;
using Dynamo.Core.Ring;

namespace Dynamo.Client;

/// <summary>A key: any bytes (text is its UTF-8), in a bucket.</summary>
public readonly record struct DynamoKey : IEquatable<DynamoKey>
{
    // Text that is no Unicode, half of a surrogate pair say, must not become another key.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A key of any bytes in the default bucket.</summary>
    /// <param name="bytes">1 at least, for a request to be taken.</param>
    public DynamoKey(ReadOnlyMemory<byte> bytes)
        : this(bytes, StorageKey.DefaultBucket)
    {
    }

    /// <summary>A key of any bytes.</summary>
    /// <param name="bytes">1 at least, for a request to be taken.</param>
    /// <param name="bucket">Its name space.</param>
    public DynamoKey(ReadOnlyMemory<byte> bytes, string bucket)
    {
        Bytes = bytes;
        Bucket = bucket;
    }

    /// <summary>A key of text in the default bucket: its bytes in UTF-8.</summary>
    /// <param name="text">Valid Unicode.</param>
    /// <exception cref="DynamoBadRequestException">The text is not valid Unicode.</exception>
    public DynamoKey(string text)
        : this(text, StorageKey.DefaultBucket)
    {
    }

    /// <summary>A key of text: its bytes in UTF-8.</summary>
    /// <param name="text">Valid Unicode.</param>
    /// <param name="bucket">Its name space.</param>
    /// <exception cref="DynamoBadRequestException">The text is not valid Unicode.</exception>
    public DynamoKey(string text, string bucket)
        : this(BytesOf(text), bucket)
    {
    }

    /// <summary>The key.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Its name space, with options of its own.</summary>
    public string Bucket { get; }

    /// <summary>A key of text in the default bucket.</summary>
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

    /// <summary>As the logs show it: text where it is text, hex where it is not.</summary>
    public override string ToString() => Bytes.IsEmpty ? "" : StorageKey.Of(Bucket, Bytes.Span).ToString();

    private static byte[] BytesOf(string text)
    {
        try
        {
            return Strict.GetBytes(text);
        }
        catch (EncoderFallbackException)
        {
            throw new DynamoBadRequestException("the key is not valid Unicode: give its bytes");
        }
    }
}
