using System.Collections.Immutable;
using Dynamo.Core.DataTypes;

namespace Dynamo.Client.DataTypes;

/// <summary>
/// An update of a value of one of the data types, for <see cref="DynamoClient.ApplyAsync"/>. The coordinator applies it to what its store holds, so the
/// key need not be read first, and concurrent updates merge without siblings.
/// </summary>
public sealed class DynamoUpdate
{
    private DynamoUpdate(DataOperation operation) => Operation = operation;

    internal DataOperation Operation { get; }

    /// <summary>Adds to a counter.</summary>
    /// <param name="by">May be negative.</param>
    public static DynamoUpdate Increment(long by = 1) => new(new DataOperation.Add(by));

    /// <summary>Adds elements to a set, as UTF-8 text.</summary>
    public static DynamoUpdate Add(params ReadOnlySpan<string> elements) => new(new DataOperation.Change(Of(elements), []));

    /// <summary>Removes elements from a set, as UTF-8 text. An addition that the coordinator has not seen yet stays.</summary>
    public static DynamoUpdate Remove(params ReadOnlySpan<string> elements) => new(new DataOperation.Change([], Of(elements)));

    /// <summary>Changes a set of any bytes: removes elements, then adds others.</summary>
    public static DynamoUpdate Change(IEnumerable<ReadOnlyMemory<byte>> adds, IEnumerable<ReadOnlyMemory<byte>> removes) =>
        new(new DataOperation.Change([.. adds.Select(e => new ByteString(e))], [.. removes.Select(e => new ByteString(e))]));

    /// <summary>Writes a register.</summary>
    public static DynamoUpdate Assign(ReadOnlyMemory<byte> value) => new(new DataOperation.Assign(value));

    /// <summary>Writes a register, as UTF-8 text.</summary>
    public static DynamoUpdate Assign(string text) => Assign(System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Switches a flag.</summary>
    public static DynamoUpdate Switch(bool isOn) => new(new DataOperation.Switch(isOn));

    /// <summary>Changes a map: removes fields, then updates others.</summary>
    /// <param name="updates">By the field's name. The type of an update is the type of its field.</param>
    /// <param name="removes">The fields to remove. An update that the coordinator has not seen yet stays.</param>
    /// <exception cref="ArgumentException">An update is one of a map: maps do not nest.</exception>
    public static DynamoUpdate Map(IEnumerable<KeyValuePair<string, DynamoUpdate>> updates, IEnumerable<DynamoField>? removes = null)
    {
        var fields = ImmutableArray.CreateBuilder<FieldUpdate>();
        foreach (var (name, update) in updates)
        {
            if (update.Operation.Kind == DataKind.Map) throw new ArgumentException($"the field {name} cannot be a map: maps do not nest", nameof(updates));
            fields.Add(new FieldUpdate(new Field(name, update.Operation.Kind), update.Operation));
        }
        return new DynamoUpdate(new DataOperation.Fields(fields.ToImmutable(), [.. (removes ?? []).Select(f => new Field(f.Name, (DataKind)f.Type))]));
    }

    private static ImmutableArray<ByteString> Of(ReadOnlySpan<string> texts)
    {
        var elements = ImmutableArray.CreateBuilder<ByteString>(texts.Length);
        foreach (var text in texts) elements.Add(ByteString.Of(text));
        return elements.MoveToImmutable();
    }
}
