using System.Collections.Immutable;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Tests.Requests;
using Dynamo.Core.Transfers;

namespace Dynamo.Core.Tests.Transfers;

/// <summary>Cases/hand-off.txt: which records a node hands off, and when it may drop them. Other nodes have ten seconds to hear of a change.</summary>
public sealed class HandOffTests
{
    private readonly Around _around = new();
    private readonly Held _held = new();
    private readonly List<HandOffEffect> _effects = [];
    private readonly HandOff _handOff;
    private HandOffEffect.Prove? _asked;
    private HandOffEffect.Drop? _drop;

    public HandOffTests() => _handOff = new HandOff(new ClusterView(new NodeId("n1"), ClusterState.Empty, []), Around.Bucket, TimeSpan.FromSeconds(10), _held);

    public static TheoryData<string> Cases => [.. Case.Read("hand-off.txt").Select(c => c.Title)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_node_hands_off(string title) => Case.Read("hand-off.txt").Single(c => c.Title == title).Run(Change, Happen);

    [Fact]
    public void Progress_counts_the_tokens_scanned_and_the_records_dropped()
    {
        var giving = new Giving(1, change: 1, TimeSpan.FromSeconds(10));
        giving.Passed(new StorageKey(StorageKey.Of("k").Encoded, new Token(3UL << 62)));
        giving.Gave(3, 600);
        var ring = new HashRing(1, [[new NodeId("n2")], [new NodeId("n3")]]);
        Assert.Equal(new PartitionProgress(1, null, 3, 600, 0.5, TimeSpan.FromSeconds(2), ""), giving.Progress(ring, TimeSpan.FromSeconds(12)));
    }

    private void Change(string[] words)
    {
        switch (words)
        {
            case ["holds", .. var keys]: foreach (var key in keys) _held.Add(_around.Key(key)); break;
            case ["holds-hints"]: _held.HasHints = true; break;
            case ["hints-are-handed-off"]: _held.HasHints = false; break;
            case ["page", var max]: _held.MaxPage = int.Parse(max); break;
            default: _around.Change(words); break;
        }
    }

    private string Happen(string[] words)
    {
        switch (words)
        {
            case ["view"]: _handOff.ViewChanged(_around.View); break;
            case ["step"]: _handOff.Stepped(_around.Now, _effects); break;
            case ["proved"]: _handOff.Proved(_asked!, [.. _asked!.Parts.Select(_ => ImmutableArray<StorageKey>.Empty)], _effects); break;
            case ["proved", "but", var owner, "lacks", .. var keys]:
                _handOff.Proved(_asked!, [.. _asked!.Parts.Select(p => p.Owner.Name == owner ? keys.Select(_around.Key).ToImmutableArray() : [])], _effects);
                break;
            case ["unproved"]: _handOff.Proved(_asked!, null, _effects); break;
            case ["dropped"]:
                _held.Remove(_drop!.Records);
                _handOff.Dropped(_effects);
                break;
            case ["not-dropped"]: _handOff.Dropped(_effects); break;
            case ["progress"]: return string.Join("; ", _handOff.Progress(_around.Now).Select(Show));
            default: throw new FormatException(string.Join(' ', words));
        }
        _asked = _effects.OfType<HandOffEffect.Prove>().LastOrDefault() ?? _asked;
        _drop = _effects.OfType<HandOffEffect.Drop>().LastOrDefault() ?? _drop;
        var shown = string.Join("; ", _effects.Select(Show));
        _effects.Clear();
        return shown;
    }

    private static string Show(HandOffEffect effect) => effect switch
    {
        HandOffEffect.Prove prove => $"prove {string.Join(", ", prove.Parts.Select(p => $"{p.Owner} holds {(p.Records.IsEmpty ? "none" : Keys(p.Records))}"))}",
        HandOffEffect.Drop(var records) => $"drop {Keys(records)}",
        HandOffEffect.TellHandedOff(var partition, var keys) => $"handed off {partition}, {keys} keys",
        HandOffEffect.TellAllHandedOff => "all handed off",
        HandOffEffect.GoOn => "go on",
        HandOffEffect.Rest => "rest",
        _ => throw new NotSupportedException(effect.ToString()),
    };

    private static string Show(PartitionProgress progress) => progress.Waiting.Length > 0
        ? $"{progress.Partition} waits: {progress.Waiting}"
        : $"{progress.Partition} goes, {progress.Keys} keys dropped";

    private static string Keys(ImmutableArray<StoredRecord> records) => string.Join(' ', records.Select(r => r.Key));

    /// <summary>A store that holds the same set for each of its keys.</summary>
    private sealed class Held : IHoldings
    {
        private static readonly Record Apple = new(0, Notation.Set("apple"));
        private readonly SortedSet<StorageKey> _keys = new(Comparer<StorageKey>.Create(StorageKey.Compare));

        public int MaxPage { get; set; } = 100;

        public bool HasHints { get; set; }

        public void Add(StorageKey key) => _keys.Add(key);

        public void Remove(IEnumerable<StoredRecord> records) => _keys.ExceptWith(records.Select(r => r.Key));

        public bool HasAny(Token first, Token last) => Page(first, last, null).Count > 0;

        public IReadOnlyList<StoredRecord> Page(Token first, Token last, StorageKey? after) =>
        [
            .. _keys.Where(k => k.Token.CompareTo(first) >= 0 && k.Token.CompareTo(last) <= 0 && (after is not { } passed || StorageKey.Compare(k, passed) > 0))
                .Take(MaxPage).Select(k => new StoredRecord(k, Apple)),
        ];

        public int SizeOf(StoredRecord record) => 100;
    }
}
