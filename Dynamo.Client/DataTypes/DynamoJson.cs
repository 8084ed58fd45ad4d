using System.Text.Json;
using System.Text.Unicode;

namespace Dynamo.Client.DataTypes;

/// <summary>The JSON of values, as the command line and HTTP show them.</summary>
public static class DynamoJson
{
    /// <summary>Writes bytes: text where they are UTF-8; otherwise {"base64": "…"}, so that no byte is lost.</summary>
    public static void WriteBytes(Utf8JsonWriter json, ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
        {
            json.WriteStringValue(bytes);
            return;
        }
        json.WriteStartObject();
        json.WriteBase64String("base64", bytes);
        json.WriteEndObject();
    }

    /// <summary>Writes a counter as a number, a set as a list, a register as bytes or null, a flag as true or false, a map as a list of its fields.</summary>
    public static void WriteValue(Utf8JsonWriter json, DynamoData data)
    {
        switch (data)
        {
            case CounterData counter: json.WriteNumberValue(counter.Value); break;
            case SetData set:
                json.WriteStartArray();
                foreach (var element in set.Elements) WriteBytes(json, element.Span);
                json.WriteEndArray();
                break;
            case RegisterData { Value: { } value }: WriteBytes(json, value.Span); break;
            case FlagData flag: json.WriteBooleanValue(flag.IsOn); break;
            case MapData map:
                json.WriteStartArray();
                foreach (var (field, value) in map.Fields)
                {
                    json.WriteStartObject();
                    json.WriteString("field", field.Name);
                    json.WriteString("type", value.TypeName);
                    json.WritePropertyName("value");
                    WriteValue(json, value);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                break;
            default: json.WriteNullValue(); break;
        }
    }
}
