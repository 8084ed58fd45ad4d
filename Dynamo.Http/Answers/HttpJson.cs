using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dynamo.Http.Documents;

namespace Dynamo.Http.Answers;

/// <summary>How documents are read and written, compiled ahead: no reflection when a node starts.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    NumberHandling = JsonNumberHandling.Strict, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(KeyDocument))]
[JsonSerializable(typeof(TypedValue))]
[JsonSerializable(typeof(DataDocument))]
[JsonSerializable(typeof(ReceiptDocument))]
[JsonSerializable(typeof(KeysDocument))]
[JsonSerializable(typeof(KeyLine))]
[JsonSerializable(typeof(BucketLine))]
[JsonSerializable(typeof(BucketsDocument))]
[JsonSerializable(typeof(CounterUpdate))]
[JsonSerializable(typeof(SetUpdate))]
[JsonSerializable(typeof(RegisterUpdate))]
[JsonSerializable(typeof(FlagUpdate))]
[JsonSerializable(typeof(MapUpdate))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(HealthDocument))]
[JsonSerializable(typeof(StatusDocument))]
[JsonSerializable(typeof(RingDocument))]
[JsonSerializable(typeof(TransfersDocument))]
[JsonSerializable(typeof(HintsDocument))]
[JsonSerializable(typeof(ExplanationDocument))]
[JsonSerializable(typeof(StagedDocument))]
[JsonSerializable(typeof(PlanDocument))]
[JsonSerializable(typeof(CommitDocument))]
[JsonSerializable(typeof(DrainDocument))]
[JsonSerializable(typeof(JoinOrder))]
[JsonSerializable(typeof(LeaveOrder))]
[JsonSerializable(typeof(CommitOrder))]
[JsonSerializable(typeof(DrainOrder))]
internal sealed partial class HttpJson : JsonSerializerContext
{
    /// <summary>Text as it is: the answers are JSON, and never a part of a page.</summary>
    public static HttpJson Plain => field ??= new(new JsonSerializerOptions(Default.Options!) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
