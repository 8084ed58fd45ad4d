using System.Text;
using Dynamo.Core.Ring;

namespace Dynamo.Client;

/// <summary>A key: any bytes (text is its UTF-8), in a bucket.</summary>
public readonly record struct DynamoKey : IEquatable<DynamoKey>
{
    // Text that is no Unicode, half of a surrogate pair say, must not become another key.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public DynamoKey(ReadOnlyMemory<byte> bytes, string bucket = StorageKey.DefaultBucket)
    {
        Bytes = bytes;
        Bucket = bucket;
    }

    /// <exception cref="DynamoBadRequestException">The text is not valid Unicode.</exception>
    public DynamoKey(string text, string bucket = StorageKey.DefaultBucket)
        : this(BytesOf(text), bucket)
    {
    }

    public ReadOnlyMemory<byte> Bytes { get; }

    public string Bucket { get; }

    public static implicit operator DynamoKey(string text) => new(text);

    public bool Equals(DynamoKey other) => Bucket == other.Bucket && Bytes.Span.SequenceEqual(other.Bytes.Span);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(Bucket);
        hash.AddBytes(Bytes.Span);
        return hash.ToHashCode();
    }

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
