using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dynamo.Core.Ring;

namespace Dynamo.Cli.Output;

/// <summary>One JSON object on one line of standard output.</summary>
internal static class JsonLine
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Print(Action<Utf8JsonWriter> write) => Console.Out.WriteLine(Of(write));

    public static string Of(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static void WriteNodes(this Utf8JsonWriter json, string name, IEnumerable<NodeId> nodes)
    {
        json.WriteStartArray(name);
        foreach (var node in nodes) json.WriteStringValue(node.Name);
        json.WriteEndArray();
    }
}
