using Dynamo.Core.Versioning;
using Dynamo.Core.Wire;

namespace Dynamo.Core.DataTypes;

/// <summary>The write that carries an operation.</summary>
/// <param name="WriteId">The client's id of the write, the same if it is sent again; 0: none.</param>
/// <param name="NowMs">The coordinator's clock: milliseconds since 1970.</param>
/// <param name="IsAgain">Another store was sent the write before, and may have taken it.</param>
public readonly record struct DataWrite(Dot Dot, ulong WriteId, long NowMs, bool IsAgain = false);

/// <summary>What a value of one kind holds, apart from the writes it has seen. Immutable.</summary>
internal abstract class DataContent
{
    public abstract DataKind Kind { get; }

    /// <summary>Nothing is held: the value was never written, or all of it was removed.</summary>
    public abstract bool IsEmpty { get; }

    public abstract DataView View { get; }

    public static DataContent EmptyOf(DataKind kind) => kind switch
    {
        DataKind.Counter => CounterContent.Empty,
        DataKind.Set => SetContent.Empty,
        DataKind.Register => RegisterContent.Empty,
        DataKind.Flag => FlagContent.Empty,
        DataKind.Map => MapContent.Empty,
        _ => throw new MalformedBytesException($"unknown data type {(byte)kind}"),
    };

    public static DataContent Read(DataKind kind, ref ByteReader from) => kind switch
    {
        DataKind.Counter => CounterContent.Read(ref from),
        DataKind.Set => SetContent.Read(ref from),
        DataKind.Register => RegisterContent.Read(ref from),
        DataKind.Flag => FlagContent.Read(ref from),
        DataKind.Map => MapContent.Read(ref from),
        _ => throw new MalformedBytesException($"unknown data type {(byte)kind}"),
    };

    /// <param name="other">Of the same kind.</param>
    public abstract DataContent Join(CausalContext mySeen, DataContent other, CausalContext theirSeen);

    /// <param name="operation">Of the same kind.</param>
    /// <exception cref="BadOperationException">The operation does not fit what is here.</exception>
    public abstract DataContent Apply(DataOperation operation, DataWrite write);

    public abstract void Write(ByteWriter to);
}
