using System.Collections.Immutable;
using Dynamo.Core.Versioning;
using Dynamo.Core.Wire;

namespace Dynamo.Core.DataTypes;

/// <summary>
/// A counter: for each tenure that coordinated increments, their sum. An increment that a client sent again may have been counted in two tenures: each keeps
/// the ids of its last increments, so that a write found in both counts once, and the later tenure takes it back when it next coordinates one.
/// </summary>
internal sealed class CounterContent : DataContent
{
    /// <summary>Increments whose ids are kept for each tenure. A write that is sent again counts twice only if more than these lie between.</summary>
    public const int MaxRecent = 32;

    public static readonly CounterContent Empty = new([]);

    private readonly ImmutableArray<Part> _parts;

    private CounterContent(ImmutableArray<Part> parts) => _parts = parts;

    /// <summary>One increment of a tenure.</summary>
    internal readonly record struct Counted(ulong WriteId, long By);

    /// <param name="Dot">The tenure's last increment.</param>
    /// <param name="Recent">The last increments, the oldest first; they are part of the sum.</param>
    internal readonly record struct Part(Dot Dot, long Sum, ImmutableArray<Counted> Recent) : IDotted
    {
        public bool Has(ulong writeId)
        {
            foreach (var counted in Recent)
                if (counted.WriteId == writeId) return true;
            return false;
        }
    }

    public override DataKind Kind => DataKind.Counter;

    public override bool IsEmpty => _parts.IsEmpty;

    public override DataView View => new DataView.Counter(Value);

    private long Value
    {
        get
        {
            Int128 sum = 0;
            var met = new HashSet<ulong>();
            foreach (var part in _parts)
            {
                sum += part.Sum;
                foreach (var counted in part.Recent)
                    if (!met.Add(counted.WriteId)) sum -= counted.By;
            }
            return (long)Int128.Clamp(sum, long.MinValue, long.MaxValue);
        }
    }

    public override DataContent Join(CausalContext mySeen, DataContent other, CausalContext theirSeen) =>
        new CounterContent(Dotted.Join(_parts, mySeen, ((CounterContent)other)._parts, theirSeen));

    public override DataContent Apply(DataOperation operation, DataWrite write)
    {
        var by = ((DataOperation.Add)operation).By;
        var tenure = write.Dot.Tenure;
        var others = _parts.RemoveAll(p => p.Dot.Tenure == tenure);
        var sum = _parts.Where(p => p.Dot.Tenure == tenure).Aggregate((Int128)0, (total, p) => total + p.Sum);
        var recent = _parts.Where(p => p.Dot.Tenure == tenure).SelectMany(p => p.Recent).ToList();

        foreach (var counted in recent.ToArray())
        {
            if (!others.Any(p => p.Dot.Tenure.CompareTo(tenure) < 0 && p.Has(counted.WriteId))) continue;
            sum -= counted.By;
            recent.Remove(counted);
        }
        if (!_parts.Any(p => p.Has(write.WriteId)))
        {
            sum += by;
            if (write.WriteId != 0) recent.Add(new Counted(write.WriteId, by));
        }
        if (sum < long.MinValue || sum > long.MaxValue) throw new BadOperationException("the counter would leave the range of a signed 64-bit number");

        // What another tenure has counted too is kept until that one has taken it back.
        for (var i = 0; recent.Count > MaxRecent && i < recent.Count;)
        {
            if (others.Any(p => p.Has(recent[i].WriteId))) i++;
            else recent.RemoveAt(i);
        }
        var own = new Part(write.Dot, (long)sum, [.. recent]);
        return new CounterContent(others.Add(own).Sort((a, b) => a.Dot.CompareTo(b.Dot)));
    }

    public override void Write(ByteWriter to)
    {
        to.Count(_parts.Length);
        foreach (var part in _parts)
        {
            VersionCodec.Write(to, part.Dot);
            to.Signed(part.Sum);
            to.Count(part.Recent.Length);
            foreach (var counted in part.Recent)
            {
                to.Fixed64(counted.WriteId);
                to.Signed(counted.By);
            }
        }
    }

    public static CounterContent Read(ref ByteReader from)
    {
        var parts = ImmutableArray.CreateBuilder<Part>(from.ListLength(12));
        while (parts.Count < parts.Capacity)
        {
            var (dot, sum) = (VersionCodec.ReadDot(ref from), from.Signed());
            var recent = ImmutableArray.CreateBuilder<Counted>(from.ListLength(9));
            while (recent.Count < recent.Capacity) recent.Add(new Counted(from.Fixed64(), from.Signed()));
            parts.Add(new Part(dot, sum, recent.MoveToImmutable()));
        }
        return new CounterContent(parts.MoveToImmutable());
    }
}
