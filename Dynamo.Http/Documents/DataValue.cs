using System.Text.Json;
using System.Text.Json.Serialization;
using Dynamo.Client.DataTypes;

namespace Dynamo.Http.Documents;

/// <summary>A counter as a number, a set as a list, a register as bytes or null, a flag as true or false, a map as a list of its fields.</summary>
[JsonConverter(typeof(DataValueConverter))]
internal readonly record struct DataValue(DynamoData Data)
{
    public static string TypeOf(DynamoData data) => data switch
    {
        CounterData => "counter",
        SetData => "set",
        RegisterData => "register",
        FlagData => "flag",
        _ => "map",
    };
}

internal sealed class DataValueConverter : JsonConverter<DataValue>
{
    public override DataValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

    public override void Write(Utf8JsonWriter writer, DataValue value, JsonSerializerOptions options) => Write(writer, value.Data);

    private static void Write(Utf8JsonWriter json, DynamoData data)
    {
        switch (data)
        {
            case CounterData counter: json.WriteNumberValue(counter.Value); break;
            case SetData set:
                json.WriteStartArray();
                foreach (var element in set.Elements) ByteTextConverter.Write(json, element.Span);
                json.WriteEndArray();
                break;
            case RegisterData { Value: { } value }: ByteTextConverter.Write(json, value.Span); break;
            case FlagData flag: json.WriteBooleanValue(flag.IsOn); break;
            case MapData map:
                json.WriteStartArray();
                foreach (var (field, value) in map.Fields)
                {
                    json.WriteStartObject();
                    json.WriteString("field", field.Name);
                    json.WriteString("type", DataValue.TypeOf(value));
                    json.WritePropertyName("value");
                    Write(json, value);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                break;
            default: json.WriteNullValue(); break;
        }
    }
}
