using System.Collections.Immutable;
using Dynamo.Core.Versioning;

namespace Dynamo.Core.Tests.Versioning;

/// <summary>
/// A naive oracle beside the real code: a few replicas of one key, each with a record, and the same history kept as plain
/// sets of writes: those that a replica knows of, and those that it still shows.
/// </summary>
internal sealed class Replicas
{
    private readonly Record[] _records;
    private readonly long[] _sequences;
    private readonly OracleSet[] _oracles;
    private readonly Dictionary<Dot, int> _writeOfDot = [];
    private int _writes;

    public Replicas(int count)
    {
        _records = [.. Enumerable.Repeat(Record.None, count)];
        _sequences = new long[count];
        _oracles = [.. Enumerable.Repeat(OracleSet.Empty, count)];
    }

    public int Count => _records.Length;

    public VersionSet this[int replica] => _records[replica].Versions;

    public OracleSet Oracle(int replica) => _oracles[replica];

    /// <summary>A client that has seen what one replica shows.</summary>
    public (CausalContext Context, ImmutableHashSet<int> Seen) Read(int replica) => (_records[replica].Versions.Clock, _oracles[replica].Known);

    /// <returns>What the writer has seen after the put.</returns>
    public (CausalContext Context, ImmutableHashSet<int> Seen) Put(int replica, (CausalContext Context, ImmutableHashSet<int> Seen) client)
    {
        var write = ++_writes;
        var value = BitConverter.GetBytes(write);
        _records[replica] = _records[replica].Put(
            new Write(client.Context, value, false, 0, 0), new StoreId((ulong)replica + 1), () => ++_sequences[replica], out var dot);
        _writeOfDot[dot] = write;
        var oracle = _oracles[replica] = _oracles[replica].Put(write, client.Seen);
        return (this[replica].SeenBy(client.Context, dot), oracle.Known.Except(oracle.Shown).Union(client.Seen).Add(write));
    }

    public void Send(int from, int to)
    {
        _records[to] = _records[to].Merge(_records[from].Versions);
        _oracles[to] = _oracles[to].Merge(_oracles[from]);
    }

    /// <summary>The replica hands over the key, as a hint or with its partition, and forgets it.</summary>
    public void HandOver(int from, int to)
    {
        Send(from, to);
        _records[from] = Record.None;
        _oracles[from] = OracleSet.Empty;
    }

    /// <summary>The writes whose values a replica shows.</summary>
    public ImmutableHashSet<int> Shown(int replica) => [.. this[replica].Siblings.Select(s => _writeOfDot[s.Dot])];
}

/// <summary>Causal histories as sets: the known writes, and those of them that are not replaced.</summary>
internal sealed record OracleSet(ImmutableHashSet<int> Known, ImmutableHashSet<int> Shown)
{
    public static readonly OracleSet Empty = new([], []);

    public OracleSet Put(int write, ImmutableHashSet<int> seen) => new(Known.Union(seen).Add(write), Shown.Except(seen).Add(write));

    public OracleSet Merge(OracleSet other) => new(
        Known.Union(other.Known),
        [.. Shown.Where(w => other.Shown.Contains(w) || !other.Known.Contains(w)), .. other.Shown.Where(w => Shown.Contains(w) || !Known.Contains(w))]);
}
