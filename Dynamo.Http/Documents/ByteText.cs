using System.Text.Json;
using System.Text.Json.Serialization;
using Dynamo.Client.DataTypes;

namespace Dynamo.Http.Documents;

/// <summary>Bytes in JSON: text where they are UTF-8, otherwise {"base64": "…"}, so that no byte is lost. Both are read.</summary>
[JsonConverter(typeof(ByteTextConverter))]
internal readonly record struct ByteText(ReadOnlyMemory<byte> Bytes);

internal sealed class ByteTextConverter : JsonConverter<ByteText>
{
    public override ByteText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String) return new ByteText(TextOf(ref reader));
        if (reader.TokenType != JsonTokenType.StartObject || !reader.Read() || !reader.ValueTextEquals("base64"u8)) throw new JsonException();
        reader.Read();
        if (reader.TokenType != JsonTokenType.String || !reader.TryGetBytesFromBase64(out var bytes)) throw new JsonException();
        reader.Read();
        return reader.TokenType == JsonTokenType.EndObject ? new ByteText(bytes) : throw new JsonException();
    }

    public override void Write(Utf8JsonWriter writer, ByteText value, JsonSerializerOptions options) => DynamoJson.WriteBytes(writer, value.Bytes.Span);

    private static byte[] TextOf(ref Utf8JsonReader reader)
    {
        var bytes = new byte[reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length];
        try
        {
            return bytes[..reader.CopyString(bytes)];
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair is no text, and has no bytes.
            throw new JsonException();
        }
    }
}
