using Dynamo.Client.DataTypes;
using Dynamo.Http.Documents;
using Dynamo.Http.Errors;

namespace Dynamo.Http.DataTypes;

/// <summary>The updates that bodies ask for.</summary>
internal static class UpdateText
{
    public const string Counter = """{"by":1}""";
    public const string Set = """{"add":["red"],"remove":["blue"]}""";
    public const string Register = """{"value":"Home"}""";
    public const string Flag = """{"on":true}""";
    public const string Map = """{"update":{"visits":{"by":1},"items":{"add":["apple"]},"owner":{"value":"Ada"},"paid":{"on":true}},"remove":[{"field":"old","type":"set"}]}""";

    public static DynamoUpdate Of(CounterUpdate asked) => DynamoUpdate.Increment(asked.By);

    public static DynamoUpdate Of(SetUpdate asked) => (asked.Add?.Count ?? 0) + (asked.Remove?.Count ?? 0) > 0
        ? Change(asked.Add, asked.Remove) : throw Missing("add", Set);

    public static DynamoUpdate Of(RegisterUpdate asked) => asked.Value is { } value ? DynamoUpdate.Assign(value.Bytes) : throw Missing("value", Register);

    public static DynamoUpdate Of(FlagUpdate asked) => asked.On is { } isOn ? DynamoUpdate.Switch(isOn) : throw Missing("on", Flag);

    public static DynamoUpdate Of(MapUpdate asked) => (asked.Update?.Count ?? 0) + (asked.Remove?.Count ?? 0) > 0
        ? DynamoUpdate.Map((asked.Update ?? new Dictionary<string, FieldUpdate>()).Select(u => KeyValuePair.Create(u.Key, FieldOf(u.Key, u.Value))), asked.Remove?.Select(NameOf))
        : throw Missing("update", Map);

    private static DynamoUpdate FieldOf(string name, FieldUpdate? asked) => asked switch
    {
        { By: { } by, Add: null, Remove: null, Value: null, On: null } => DynamoUpdate.Increment(by),
        { By: null, Value: { } value, Add: null, Remove: null, On: null } => DynamoUpdate.Assign(value.Bytes),
        { By: null, Value: null, Add: null, Remove: null, On: { } isOn } => DynamoUpdate.Switch(isOn),
        { By: null, Value: null, On: null } when (asked.Add?.Count ?? 0) + (asked.Remove?.Count ?? 0) > 0 => Change(asked.Add, asked.Remove),
        _ => throw new ProblemException(400, $"update.{name}: one type's members are wanted: by, or add and remove, or value, or on", $"update.{name}", Map),
    };

    private static DynamoField NameOf(FieldName? asked) =>
        asked is { Field: { } field, Type: { } type } && Enum.GetValues<DynamoFieldType>().FirstOrDefault(t => t.ToString().Equals(type, StringComparison.OrdinalIgnoreCase)) is var found && Enum.IsDefined(found)
            ? new DynamoField(field, found)
            : throw new ProblemException(400, "remove: a field and its type (counter, set, register or flag) are wanted", "remove", """{"field":"old","type":"set"}""");

    private static DynamoUpdate Change(IReadOnlyList<ByteText>? adds, IReadOnlyList<ByteText>? removes) =>
        DynamoUpdate.Change((adds ?? []).Select(e => e.Bytes), (removes ?? []).Select(e => e.Bytes));

    private static ProblemException Missing(string field, string example) => new(400, $"{field}: is missing: {example} is wanted", field, example);
}
