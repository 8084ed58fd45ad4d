using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Dynamo.Client.Typed;

/// <summary>Turns values into the bytes that the store keeps, and back.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
public interface IDynamoCodec<T>
{
    /// <summary>The bytes of a value.</summary>
    ReadOnlyMemory<byte> Encode(T value);

    /// <summary>The value of bytes that <see cref="Encode"/> made, maybe in a former version of the program.</summary>
    /// <exception cref="FormatException">The bytes are no value of this type.</exception>
    T Decode(ReadOnlyMemory<byte> bytes);
}

/// <summary>The codecs that most programs need.</summary>
public static class DynamoCodec
{
    /// <summary>Text, as UTF-8.</summary>
    public static IDynamoCodec<string> Text { get; } = new TextCodec();

    /// <summary>Bytes, as they are.</summary>
    public static IDynamoCodec<byte[]> Bytes { get; } = new BytesCodec();

    /// <summary>JSON by System.Text.Json.</summary>
    /// <param name="type">Made by the source generator, so that nothing is found by reflection: <c>MyJsonContext.Default.Cart</c>.</param>
    /// <typeparam name="T">The type of the values.</typeparam>
    public static IDynamoCodec<T> Json<T>(JsonTypeInfo<T> type) => new JsonCodec<T>(type);

    private sealed class TextCodec : IDynamoCodec<string>
    {
        private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

        public ReadOnlyMemory<byte> Encode(string value) => Strict.GetBytes(value);

        public string Decode(ReadOnlyMemory<byte> bytes)
        {
            try
            {
                return Strict.GetString(bytes.Span);
            }
            catch (DecoderFallbackException e)
            {
                throw new FormatException("the value is not UTF-8 text", e);
            }
        }
    }

    private sealed class BytesCodec : IDynamoCodec<byte[]>
    {
        public ReadOnlyMemory<byte> Encode(byte[] value) => value;

        public byte[] Decode(ReadOnlyMemory<byte> bytes) => bytes.ToArray();
    }

    private sealed class JsonCodec<T>(JsonTypeInfo<T> type) : IDynamoCodec<T>
    {
        public ReadOnlyMemory<byte> Encode(T value) => JsonSerializer.SerializeToUtf8Bytes(value, type);

        public T Decode(ReadOnlyMemory<byte> bytes)
        {
            try
            {
                return JsonSerializer.Deserialize(bytes.Span, type) ?? throw new FormatException($"the value is null, not JSON of {typeof(T).Name}");
            }
            catch (JsonException e)
            {
                throw new FormatException($"the value is not JSON of {typeof(T).Name}: {e.Message}", e);
            }
        }
    }
}
