using System.Text.Json;
using System.Text.Json.Serialization;
using Dynamo.Client.DataTypes;

namespace Dynamo.Http.Documents;

/// <summary>A value of a data type, as <see cref="DynamoJson"/> writes it.</summary>
[JsonConverter(typeof(DataValueConverter))]
internal readonly record struct DataValue(DynamoData Data);

internal sealed class DataValueConverter : JsonConverter<DataValue>
{
    public override DataValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

    public override void Write(Utf8JsonWriter writer, DataValue value, JsonSerializerOptions options) => DynamoJson.WriteValue(writer, value.Data);
}
