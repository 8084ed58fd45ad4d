using System.Text;
using Dynamo.Core.Ring;

namespace Dynamo.Client;

/// <summary>A key: any bytes (text is its UTF-8), in a bucket.</summary>
public readonly record struct DynamoKey
{
    public DynamoKey(ReadOnlyMemory<byte> bytes, string bucket = StorageKey.DefaultBucket)
    {
        Bytes = bytes;
        Bucket = bucket;
    }

    public DynamoKey(string text, string bucket = StorageKey.DefaultBucket)
        : this(Encoding.UTF8.GetBytes(text), bucket)
    {
    }

    public ReadOnlyMemory<byte> Bytes { get; }

    public string Bucket { get; }

    public static implicit operator DynamoKey(string text) => new(text);

    public override string ToString() => StorageKey.Of(Bucket, Bytes.Span).ToString();
}
