using System.Collections.Immutable;
using Dynamo.Core.DataTypes;
using Dynamo.Core.Versioning;

namespace Dynamo.Core.Tests.DataTypes;

/// <summary>
/// A map on a few replicas, updated and merged in any order, beside a naive oracle: the history of updates as plain sets. Each replica knows some updates, and
/// each update knows those that its replica had seen.
/// </summary>
internal sealed class DataReplicas
{
    public static readonly Field Clicks = new("clicks", DataKind.Counter);
    public static readonly Field Tags = new("tags", DataKind.Set);
    public static readonly Field Name = new("name", DataKind.Register);
    public static readonly Field Open = new("open", DataKind.Flag);
    private readonly DataValue[] _values;
    private readonly ImmutableHashSet<Update>[] _known;
    private readonly long[] _counts;
    private int _updates;

    public DataReplicas(int count)
    {
        _values = [.. Enumerable.Repeat(DataValue.Empty(DataKind.Map), count)];
        _known = [.. Enumerable.Repeat(ImmutableHashSet<Update>.Empty, count)];
        _counts = new long[count];
    }

    public int Count => _values.Length;

    public DataValue this[int replica] => _values[replica];

    /// <summary>Applies an operation on one field, or its removal (null), at a replica.</summary>
    /// <param name="again">The id of an update that was sent to another replica before; 0: this is a new one.</param>
    /// <returns>The update's id, for sending the same once more.</returns>
    public ulong Apply(int replica, Field field, DataOperation? operation, ulong again = 0)
    {
        var update = new Update(++_updates, field, operation, again == 0 ? (ulong)_updates : again, _known[replica]);
        var dot = new Dot(new Tenure(new StoreId((ulong)replica + 1), 1), ++_counts[replica]);
        var change = operation is null ? new DataOperation.Fields([], [field]) : new DataOperation.Fields([new FieldUpdate(field, operation)], []);
        _values[replica] = _values[replica].Apply(change, new DataWrite(dot, update.WriteId, NowMs: _updates, IsAgain: again != 0));
        _known[replica] = _known[replica].Add(update);
        return update.WriteId;
    }

    public void Send(int from, int to)
    {
        _values[to] = DataValue.Decode(_values[to].Merge(_values[from]).Encoded());
        _known[to] = _known[to].Union(_known[from]);
    }

    public long Counter(int replica) => View(replica).Fields.GetValueOrDefault(Clicks) is DataView.Counter(var value) ? value : 0;

    public IEnumerable<string> Elements(int replica) => View(replica).Fields.GetValueOrDefault(Tags) is DataView.Set(var elements) ? elements.Select(e => e.ToString()) : [];

    public string? Register(int replica) => View(replica).Fields.GetValueOrDefault(Name) is DataView.Register({ } value) ? System.Text.Encoding.UTF8.GetString(value.Span) : null;

    public bool Flag(int replica) => View(replica).Fields.GetValueOrDefault(Open) is DataView.Flag(true);

    /// <summary>The sum of all increments known, each write once. Only right while the field is never removed.</summary>
    public long CounterOfOracle(int replica) => _known[replica].Where(u => u.Field == Clicks).DistinctBy(u => u.WriteId).Sum(u => ((DataOperation.Add)u.Operation!).By);

    /// <summary>An element is there if some addition of it is known that no known removal, or later addition by the one who saw it, has seen.</summary>
    public IEnumerable<string> ElementsOfOracle(int replica) => _known[replica]
        .Where(u => u.Field == Tags).SelectMany(u => Adds(u)).Distinct()
        .Where(element => _known[replica].Any(add => Adds(add).Contains(element) && !_known[replica].Any(r => Removes(r, element) && r.Seen.Contains(add))))
        .Order(StringComparer.Ordinal);

    public bool FlagOfOracle(int replica) => _known[replica].Any(
        on => on.Operation is DataOperation.Switch(true) && !_known[replica].Any(off => off.Field == Open && (off.Operation is null or DataOperation.Switch { IsOn: false }) && off.Seen.Contains(on)));

    /// <summary>Of the writes that no other has seen, the latest.</summary>
    public string? RegisterOfOracle(int replica)
    {
        var left = _known[replica].Where(w => w.Field == Name && w.Operation is not null && !_known[replica].Any(o => o.Field == Name && o.Seen.Contains(w)));
        return left.MaxBy(w => w.Number)?.Operation is DataOperation.Assign(var value) ? System.Text.Encoding.UTF8.GetString(value.Span) : null;
    }

    private DataView.Map View(int replica) => (DataView.Map)_values[replica].View;

    private static IEnumerable<string> Adds(Update update) => update.Operation is DataOperation.Change(var adds, _) ? adds.Select(e => e.ToString()) : [];

    private static bool Removes(Update update, string element) => update.Field == Tags
        && (update.Operation is null || (update.Operation is DataOperation.Change(_, var removes) && removes.Contains(ByteString.Of(element))));

    private sealed class Update(int number, Field of, DataOperation? operation, ulong writeId, ImmutableHashSet<Update> seen)
    {
        public int Number => number;

        public Field Field => of;

        public DataOperation? Operation => operation;

        public ulong WriteId => writeId;

        public ImmutableHashSet<Update> Seen => seen;
    }
}
