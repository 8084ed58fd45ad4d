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
    /// <summary>Increments whose ids are kept for each tenure, of those that their clients sent to this store first.</summary>
    public const int MaxFirst = 32;

    /// <summary>
    /// The same, of those that another store was sent before. There are few of them, and each is likely to be in two tenures, which may meet only after a
    /// crashed node has come back; the others go on counting meanwhile.
    /// </summary>
    public const int MaxAgain = 256;

    public static readonly CounterContent Empty = new([]);

    private readonly ImmutableArray<Part> _parts;

    private CounterContent(ImmutableArray<Part> parts) => _parts = parts;

    /// <summary>One increment of a tenure.</summary>
    /// <param name="IsAgain">Another store was sent it before.</param>
    internal readonly record struct Counted(ulong WriteId, long By, bool IsAgain);

    /// <param name="Dot">The tenure's last increment.</param>
    /// <param name="Recent">The last increments of both kinds, each kind in order, the oldest first; they are part of the sum.</param>
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

    // Two tenures that count at the same time may leave the range together.
    public override DataView View => new DataView.Counter((long)Int128.Clamp(Total, long.MinValue, long.MaxValue));

    private Int128 Total
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
            return sum;
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
            if (write.WriteId != 0) recent.Add(new Counted(write.WriteId, by, write.IsAgain));
        }
        Forget(recent, isAgain: false, MaxFirst, others);
        Forget(recent, isAgain: true, MaxAgain, others);
        var after = IsInRange(sum) ? new CounterContent(others.Add(new Part(write.Dot, (long)sum, [.. recent])).Sort((a, b) => a.Dot.CompareTo(b.Dot))) : null;
        return after is not null && IsInRange(after.Total) ? after : throw new BadOperationException("the counter would leave the range of a signed 64-bit number");
    }

    private static bool IsInRange(Int128 value) => value >= long.MinValue && value <= long.MaxValue;

    // The oldest first. What another tenure has counted too is kept until that one has taken it back.
    private static void Forget(List<Counted> recent, bool isAgain, int max, ImmutableArray<Part> others)
    {
        var tooMany = recent.Count(c => c.IsAgain == isAgain) - max;
        for (var i = 0; tooMany > 0 && i < recent.Count;)
        {
            if (recent[i].IsAgain != isAgain || others.Any(p => p.Has(recent[i].WriteId)))
            {
                i++;
                continue;
            }
            recent.RemoveAt(i);
            tooMany--;
        }
    }

    public override void Write(ByteWriter to)
    {
        to.Count(_parts.Length);
        foreach (var part in _parts)
        {
            VersionCodec.Write(to, part.Dot);
            to.Signed(part.Sum);
            Write(to, [.. part.Recent.Where(c => !c.IsAgain)]);
            Write(to, [.. part.Recent.Where(c => c.IsAgain)]);
        }
    }

    private static void Write(ByteWriter to, Counted[] increments)
    {
        to.Count(increments.Length);
        foreach (var counted in increments)
        {
            to.Fixed64(counted.WriteId);
            to.Signed(counted.By);
        }
    }

    public static CounterContent Read(ref ByteReader from)
    {
        var parts = ImmutableArray.CreateBuilder<Part>(from.ListLength(13));
        while (parts.Count < parts.Capacity)
            parts.Add(new Part(VersionCodec.ReadDot(ref from), from.Signed(), [.. ReadIncrements(ref from, isAgain: false), .. ReadIncrements(ref from, isAgain: true)]));
        return new CounterContent(parts.MoveToImmutable());
    }

    private static Counted[] ReadIncrements(ref ByteReader from, bool isAgain)
    {
        var increments = new Counted[from.ListLength(9)];
        for (var i = 0; i < increments.Length; i++) increments[i] = new Counted(from.Fixed64(), from.Signed(), isAgain);
        return increments;
    }
}
