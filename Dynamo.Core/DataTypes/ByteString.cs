using System.Text;

namespace Dynamo.Core.DataTypes;

/// <summary>Bytes compared by content, in the order of their unsigned values.</summary>
public readonly struct ByteString(ReadOnlyMemory<byte> bytes) : IEquatable<ByteString>, IComparable<ByteString>
{
    public ReadOnlyMemory<byte> Bytes { get; } = bytes;

    public static ByteString Of(string text) => new(Encoding.UTF8.GetBytes(text));

    public int CompareTo(ByteString other) => Bytes.Span.SequenceCompareTo(other.Bytes.Span);

    public bool Equals(ByteString other) => Bytes.Span.SequenceEqual(other.Bytes.Span);

    public override bool Equals(object? obj) => obj is ByteString other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Bytes.Span);
        return hash.ToHashCode();
    }

    public static bool operator ==(ByteString left, ByteString right) => left.Equals(right);

    public static bool operator !=(ByteString left, ByteString right) => !left.Equals(right);

    public override string ToString() => Encoding.UTF8.GetString(Bytes.Span);
}
