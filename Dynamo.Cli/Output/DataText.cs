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
        foreach (var value in got.Values) DynamoJson.WriteBytes(json, value.Span);
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
        json.WriteString("type", data.TypeName);
        json.WritePropertyName("value");
        DynamoJson.WriteValue(json, data);
        json.WriteEndObject();
    }
}
