using System.Collections.Immutable;
using System.Text;
using Dynamo.Core.DataTypes;

namespace Dynamo.Client.DataTypes;

/// <summary>A value of one of the data types, as a get sees it.</summary>
public abstract record DynamoData
{
    private protected DynamoData()
    {
    }

    /// <summary>counter, set, register, flag or map.</summary>
    public string TypeName => this switch
    {
        CounterData => "counter",
        SetData => "set",
        RegisterData => "register",
        FlagData => "flag",
        _ => "map",
    };

    internal static DynamoData Of(DataView view) => view switch
    {
        DataView.Counter(var value) => new CounterData(value),
        DataView.Set(var elements) => new SetData([.. elements.Select(e => e.Bytes)]),
        DataView.Register(var value) => new RegisterData(value),
        DataView.Flag(var isOn) => new FlagData(isOn),
        DataView.Map(var fields) => new MapData(fields.ToImmutableSortedDictionary(f => new DynamoField(f.Key.Name, (DynamoFieldType)f.Key.Kind), f => Of(f.Value))),
        _ => throw new NotSupportedException($"{view} is not a known data type"),
    };
}

/// <summary>A counter.</summary>
/// <param name="Value">The sum of all increments.</param>
public sealed record CounterData(long Value) : DynamoData;

/// <summary>A set.</summary>
/// <param name="Elements">In the order of their bytes.</param>
public sealed record SetData(IReadOnlyList<ReadOnlyMemory<byte>> Elements) : DynamoData
{
    /// <summary>The elements as UTF-8 text.</summary>
    public IEnumerable<string> Texts => Elements.Select(e => Encoding.UTF8.GetString(e.Span));

    /// <summary>True when the text, as UTF-8, is an element.</summary>
    public bool Contains(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Elements.Any(e => e.Span.SequenceEqual(bytes));
    }
}

/// <summary>A register.</summary>
/// <param name="Value">Null: it was never written.</param>
public sealed record RegisterData(ReadOnlyMemory<byte>? Value) : DynamoData
{
    /// <summary>The value as UTF-8 text; null: it was never written.</summary>
    public string? Text => Value is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : null;
}

/// <summary>A flag.</summary>
/// <param name="IsOn">Off until it is switched on.</param>
public sealed record FlagData(bool IsOn) : DynamoData;

/// <summary>A map of fields.</summary>
/// <param name="Fields">By name, then by type.</param>
public sealed record MapData(IReadOnlyDictionary<DynamoField, DynamoData> Fields) : DynamoData
{
    /// <summary>The value of a counter; 0 when there is no such field.</summary>
    public long Counter(string name) => Field<CounterData>(name, DynamoFieldType.Counter)?.Value ?? 0;

    /// <summary>The elements of a set, as text; none when there is no such field.</summary>
    public IEnumerable<string> Set(string name) => Field<SetData>(name, DynamoFieldType.Set)?.Texts ?? [];

    /// <summary>The text of a register; null when there is no such field.</summary>
    public string? Register(string name) => Field<RegisterData>(name, DynamoFieldType.Register)?.Text;

    /// <summary>True when there is such a flag, and it is on.</summary>
    public bool Flag(string name) => Field<FlagData>(name, DynamoFieldType.Flag)?.IsOn ?? false;

    private T? Field<T>(string name, DynamoFieldType type)
        where T : DynamoData => Fields.TryGetValue(new DynamoField(name, type), out var data) ? (T)data : null;
}
