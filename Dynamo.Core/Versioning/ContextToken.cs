using System.Buffers.Text;
using System.Security.Cryptography;
using Dynamo.Core.Ring;
using Dynamo.Core.Wire;

namespace Dynamo.Core.Versioning;

/// <summary>A client sent a context that this cluster did not issue for this key.</summary>
public sealed class BadContextException(string message) : Exception(message);

/// <summary>
/// Seals a <see cref="CausalContext"/> into the opaque bytes a client carries from get to put, and opens them again: a form byte, the
/// context, and 8 bytes of HMAC-SHA256 over both and the key under the cluster's secret. A forged or truncated context,
/// or one of another key or cluster, is refused, so that it cannot replace writes that its bearer never saw.
/// </summary>
/// <remarks>Not thread-safe: it reuses its keyed hash.</remarks>
public sealed class ContextToken(ReadOnlySpan<byte> clusterSecret) : IDisposable
{
    private const byte Form = 1;
    private const int TagBytes = 8;
    private readonly IncrementalHash _hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, clusterSecret);

    public byte[] Seal(CausalContext context, StorageKey key)
    {
        var writer = new ByteWriter(64);
        writer.Byte(Form);
        VersionCodec.Write(writer, context);
        var bodyLength = writer.Length;
        var sealedBytes = new byte[bodyLength + TagBytes];
        writer.Written.CopyTo(sealedBytes);
        Tag(sealedBytes.AsSpan(0, bodyLength), key).CopyTo(sealedBytes.AsSpan(bodyLength));
        return sealedBytes;
    }

    /// <exception cref="BadContextException">The bytes are not a context that <see cref="Seal"/> made for this key and secret.</exception>
    public CausalContext Open(ReadOnlyMemory<byte> token, StorageKey key)
    {
        if (token.IsEmpty) return CausalContext.Empty;
        if (token.Length <= TagBytes) throw new BadContextException($"a context of {token.Length} bytes is truncated");
        var body = token[..^TagBytes];
        if (!CryptographicOperations.FixedTimeEquals(Tag(body.Span, key), token.Span[^TagBytes..]))
            throw new BadContextException("the context was not issued for this key by this cluster, or was altered");
        var reader = new ByteReader(body);
        if (reader.Byte() is var form && form != Form) throw new BadContextException($"a context of the unknown form {form}");
        try
        {
            var context = VersionCodec.ReadContext(ref reader);
            reader.End();
            return context;
        }
        catch (MalformedBytesException e)
        {
            throw new BadContextException($"the context is damaged: {e.Message}");
        }
    }

    public void Dispose() => _hmac.Dispose();

    private ReadOnlySpan<byte> Tag(ReadOnlySpan<byte> body, StorageKey key)
    {
        _hmac.AppendData(key.Encoded);
        _hmac.AppendData(body);
        return _hmac.GetHashAndReset().AsSpan(0, TagBytes);
    }

    /// <summary>The printable form (base64url, no padding).</summary>
    public static string ToText(ReadOnlySpan<byte> token) => Base64Url.EncodeToString(token);

    /// <exception cref="BadContextException">The text is not base64url.</exception>
    public static byte[] FromText(string text) =>
        Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : throw new BadContextException("the context is not base64url text");
}
