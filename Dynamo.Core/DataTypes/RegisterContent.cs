using System.Collections.Immutable;
using Dynamo.Core.Versioning;
using Dynamo.Core.Wire;

namespace Dynamo.Core.DataTypes;

/// <summary>A register: the writes that no other has replaced. The one with the latest stamp is its value. A write is stamped later than all that it replaces.</summary>
internal sealed class RegisterContent : DataContent
{
    public static readonly RegisterContent Empty = new([]);

    private readonly ImmutableArray<Assigned> _writes;

    private RegisterContent(ImmutableArray<Assigned> writes) => _writes = writes;

    internal readonly record struct Assigned(Dot Dot, long StampMs, ReadOnlyMemory<byte> Value) : IDotted;

    public override DataKind Kind => DataKind.Register;

    public override bool IsEmpty => _writes.IsEmpty;

    public override DataView View => new DataView.Register(_writes.IsEmpty ? (ReadOnlyMemory<byte>?)null : _writes.MaxBy(w => (w.StampMs, w.Dot)).Value);

    public override DataContent Join(CausalContext mySeen, DataContent other, CausalContext theirSeen) =>
        new RegisterContent(Dotted.Join(_writes, mySeen, ((RegisterContent)other)._writes, theirSeen));

    public override DataContent Apply(DataOperation operation, DataWrite write)
    {
        var stampMs = write.NowMs;
        foreach (var replaced in _writes)
            if (replaced.StampMs >= stampMs && replaced.StampMs < long.MaxValue) stampMs = replaced.StampMs + 1;
        return new RegisterContent([new Assigned(write.Dot, stampMs, ((DataOperation.Assign)operation).Value)]);
    }

    public override void Write(ByteWriter to)
    {
        to.Count(_writes.Length);
        foreach (var write in _writes)
        {
            VersionCodec.Write(to, write.Dot);
            to.Signed(write.StampMs);
            to.Bytes(write.Value.Span);
        }
    }

    public static RegisterContent Read(ref ByteReader from)
    {
        var writes = ImmutableArray.CreateBuilder<Assigned>(from.ListLength(12));
        while (writes.Count < writes.Capacity) writes.Add(new Assigned(VersionCodec.ReadDot(ref from), from.Signed(), from.Bytes()));
        return new RegisterContent(writes.MoveToImmutable());
    }
}
