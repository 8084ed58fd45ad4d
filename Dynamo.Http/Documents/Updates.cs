namespace Dynamo.Http.Documents;

/// <param name="By">May be negative; absent: 1.</param>
internal sealed record CounterUpdate(long By = 1);

/// <summary>Elements are removed first, then added.</summary>
internal sealed record SetUpdate(IReadOnlyList<ByteText>? Add = null, IReadOnlyList<ByteText>? Remove = null);

internal sealed record RegisterUpdate(ByteText? Value = null);

internal sealed record FlagUpdate(bool? On = null);

/// <summary>Fields are removed first, then updated.</summary>
/// <param name="Update">By the field's name. The members of an update say which type the field has.</param>
internal sealed record MapUpdate(IReadOnlyDictionary<string, FieldUpdate>? Update = null, IReadOnlyList<FieldName>? Remove = null);

/// <summary>One of: by (counter); add, remove (set); value (register); on (flag).</summary>
internal sealed record FieldUpdate(
    long? By = null, IReadOnlyList<ByteText>? Add = null, IReadOnlyList<ByteText>? Remove = null, ByteText? Value = null, bool? On = null);

/// <param name="Type">counter, set, register or flag.</param>
internal sealed record FieldName(string? Field = null, string? Type = null);
