using System.Text.Json;
using Dynamo.Client;
using Dynamo.Client.DataTypes;

namespace Dynamo.Cli.Output;

/// <summary>Prints values of the data types.</summary>
internal static class DataText
{
    /// <summary>A counter or flag on one line, a set's elements and a map's fields on a line each, a register as it is.</summary>
    public static void Print(DynamoData data)
    {
        switch (data)
        {
            case SetData set:
                foreach (var element in set.Texts) Console.Out.WriteLine(element);
                break;
            case MapData map:
                foreach (var (field, value) in map.Fields) Console.Out.WriteLine($"{field}: {OnOneLine(value)}");
                break;
            default: Console.Out.WriteLine(OnOneLine(data)); break;
        }
    }

    public static void PrintJson(string key, GetResult got) => JsonLine.Print(json =>
    {
        json.WriteString("key", key);
        json.WriteStartArray("values");
        foreach (var value in got.Values) json.WriteBytes(value.Span);
        json.WriteEndArray();
        json.WriteNumber("siblings", got.Values.Count + got.Data.Count);
        if (got.Data.Count > 0)
        {
            json.WriteStartArray("data");
            foreach (var data in got.Data) Write(json, data);
            json.WriteEndArray();
        }
        json.WriteString("context", got.Context.ToString());
    });

    private static string OnOneLine(DynamoData data) => data switch
    {
        CounterData counter => counter.Value.ToString(System.Globalization.CultureInfo.InvariantCulture),
        SetData set => string.Join(", ", set.Texts),
        RegisterData register => register.Text ?? "",
        FlagData flag => flag.IsOn ? "on" : "off",
        _ => "",
    };

    private static void Write(Utf8JsonWriter json, DynamoData data)
    {
        json.WriteStartObject();
        json.WriteString("type", TypeOf(data));
        json.WritePropertyName("value");
        WriteValue(json, data);
        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, DynamoData data)
    {
        switch (data)
        {
            case CounterData counter: json.WriteNumberValue(counter.Value); break;
            case SetData set:
                json.WriteStartArray();
                foreach (var element in set.Elements) json.WriteBytes(element.Span);
                json.WriteEndArray();
                break;
            case RegisterData { Value: { } value }: json.WriteBytes(value.Span); break;
            case FlagData flag: json.WriteBooleanValue(flag.IsOn); break;
            case MapData map:
                json.WriteStartArray();
                foreach (var (field, value) in map.Fields)
                {
                    json.WriteStartObject();
                    json.WriteString("field", field.Name);
                    json.WriteString("type", TypeOf(value));
                    json.WritePropertyName("value");
                    WriteValue(json, value);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                break;
            default: json.WriteNullValue(); break;
        }
    }

    private static string TypeOf(DynamoData data) => data switch
    {
        CounterData => "counter",
        SetData => "set",
        RegisterData => "register",
        FlagData => "flag",
        _ => "map",
    };
}
