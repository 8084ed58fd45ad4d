using System.Text;

namespace Dynamo.Core.Ring;

/// <summary>A place on the ring: the first 8 bytes, big-endian, of MD5 of the key (section 4.2 of the paper).</summary>
public readonly record struct Token(ulong Value) : IComparable<Token>
{
    public int CompareTo(Token other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString("x16");
}

/// <summary>A bucket's name and a key's bytes, with their token. The bytes stored and hashed are <see cref="Encoded"/>.</summary>
public readonly struct StorageKey : IEquatable<StorageKey>
{
    public const string DefaultBucket = "default";
    public const int MaxBucketBytes = 64;

    // Also lets tests make two keys that share a token, which they could not find by MD5.
    internal StorageKey(byte[] encoded, Token token) => (Encoded, Token) = (encoded, token);

    private StorageKey(byte[] encoded)
    {
        Encoded = encoded;
        // The paper's token is that of the bare key; a bucket other than the default is part of what is hashed.
        Token = new Token(KeyHash.Of(encoded[0] == 0 ? encoded.AsSpan(1) : encoded));
    }

    /// <summary>One byte with the bucket name's length (0 for the default bucket), the name in UTF-8, the key.</summary>
    public byte[] Encoded { get; }

    public Token Token { get; }

    public bool IsValid => Encoded is { Length: > 1 };

    public string Bucket => Encoded[0] == 0 ? DefaultBucket : Encoding.UTF8.GetString(Encoded, 1, Encoded[0]);

    public ReadOnlySpan<byte> Key => Encoded.AsSpan(1 + Encoded[0]);

    /// <summary>The reason why a bucket cannot have the name; null: it can.</summary>
    public static string? WhyNotBucket(string name) => Encoding.UTF8.GetByteCount(name) is var bytes && bytes is 0 or > MaxBucketBytes
        ? $"a bucket's name has 1 to {MaxBucketBytes} bytes, not {bytes}" : null;

    /// <exception cref="ArgumentException">The bucket's name is empty or longer than <see cref="MaxBucketBytes"/>.</exception>
    public static StorageKey Of(string bucket, ReadOnlySpan<byte> key)
    {
        if (WhyNotBucket(bucket) is { } reason) throw new ArgumentException(reason, nameof(bucket));
        return new StorageKey(EncodedStart(bucket, key));
    }

    /// <summary>The first bytes of all encoded keys of a bucket that begin with some bytes.</summary>
    /// <param name="bucket">A valid name.</param>
    public static byte[] EncodedStart(string bucket, ReadOnlySpan<byte> prefix)
    {
        var name = bucket == DefaultBucket ? [] : Encoding.UTF8.GetBytes(bucket);
        var encoded = new byte[1 + name.Length + prefix.Length];
        encoded[0] = (byte)name.Length;
        name.CopyTo(encoded.AsSpan(1));
        prefix.CopyTo(encoded.AsSpan(1 + name.Length));
        return encoded;
    }

    public static StorageKey Of(string key) => Of(DefaultBucket, Encoding.UTF8.GetBytes(key));

    /// <summary>Stands for a place on the ring where a key is wanted for its place only. It is no key of any store.</summary>
    public static StorageKey At(Token place) => new([0, 0], place);

    /// <exception cref="Wire.MalformedBytesException">The bytes are not an encoded key.</exception>
    public static StorageKey FromEncoded(ReadOnlySpan<byte> encoded) => new(Checked(encoded));

    /// <summary>A key as stored, with the token under which it was stored.</summary>
    /// <inheritdoc cref="FromEncoded(ReadOnlySpan{byte})"/>
    public static StorageKey FromEncoded(ReadOnlySpan<byte> encoded, Token token) => new(Checked(encoded), token);

    /// <summary>The order of a store's scan: by token, then by bytes.</summary>
    public static int Compare(StorageKey a, StorageKey b)
    {
        var byToken = a.Token.CompareTo(b.Token);
        return byToken != 0 ? byToken : a.Encoded.AsSpan().SequenceCompareTo(b.Encoded);
    }

    public bool Equals(StorageKey other) =>
        ReferenceEquals(Encoded, other.Encoded) || (Token == other.Token && Encoded.AsSpan().SequenceEqual(other.Encoded));

    public override bool Equals(object? obj) => obj is StorageKey other && Equals(other);

    public override int GetHashCode() => Token.Value.GetHashCode();

    public static bool operator ==(StorageKey left, StorageKey right) => left.Equals(right);

    public static bool operator !=(StorageKey left, StorageKey right) => !left.Equals(right);

    /// <summary>For people: the key as text where it is printable UTF-8, as hex otherwise.</summary>
    public override string ToString()
    {
        var text = KeyText(Key);
        return Encoded[0] == 0 ? text : $"{Bucket}/{text}";
    }

    private static byte[] Checked(ReadOnlySpan<byte> encoded)
    {
        if (encoded.Length < 2 || encoded[0] > MaxBucketBytes || encoded.Length < 2 + encoded[0])
            throw new Wire.MalformedBytesException("not an encoded key");
        return encoded.ToArray();
    }

    private static string KeyText(ReadOnlySpan<byte> key)
    {
        var text = Encoding.UTF8.GetString(key);
        return text.Any(c => char.IsControl(c) || c == '\uFFFD') ? "0x" + Convert.ToHexStringLower(key) : text;
    }
}
