using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Tests.Requests;
using Dynamo.Core.Transfers;

namespace Dynamo.Core.Tests.Transfers;

/// <summary>Cases/receive.txt: which partition a node receives next, from which owner, and when it counts as received.</summary>
public sealed class ReceivingTests
{
    private readonly Around _around = new();
    private readonly List<ReceiveEffect> _effects = [];
    private readonly Receiving _receiving;
    private TransferCursor? _saved;
    private Reception? _asked;

    public ReceivingTests() => _receiving = new Receiving(new ClusterView(new NodeId("n1"), ClusterState.Empty, []), () => _saved);

    public static TheoryData<string> Cases => [.. Case.Read("receive.txt").Select(c => c.Title)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_node_receives(string title) => Case.Read("receive.txt").Single(c => c.Title == title).Run(Change, Happen);

    [Fact]
    public void Progress_counts_the_tokens_covered_and_the_bytes_received()
    {
        var ring = new HashRing(1, [[new NodeId("n2")], [new NodeId("n3")]]);
        var reception = new Reception(1, ring, [new NodeId("n3")], resumeAfter: null, TimeSpan.FromSeconds(10));
        Assert.Equal(new PartitionProgress(1, new NodeId("n3"), 0, 0, 0, TimeSpan.FromSeconds(2), ""), reception.Progress(TimeSpan.FromSeconds(12)));
        var half = new StorageKey(StorageKey.Of("k").Encoded, new Token(3UL << 62));
        reception.Stored(new StoredChunk(3, 600, half, IsLast: false));
        reception.Stored(new StoredChunk(1, 200, half, IsLast: false));
        var progress = reception.Progress(TimeSpan.FromSeconds(12));
        Assert.Equal((4L, 800L, 0.5, 400L), (progress.Keys, progress.Bytes, progress.Covered, progress.BytesPerSecond));
        reception.Stored(new StoredChunk(0, 0, null, IsLast: true));
        Assert.Equal(1, reception.Progress(TimeSpan.FromSeconds(12)).Covered);
        Assert.Equal(half, reception.Cursor);
    }

    [Fact]
    public void A_saved_cursor_is_read_again_and_an_unreadable_one_is_ignored()
    {
        var cursor = new TransferCursor(7, 3, StorageKey.Of("k"));
        Assert.Equal(cursor, TransferCursor.Load(cursor.Save()));
        Assert.Null(TransferCursor.Load(null));
        Assert.Null(TransferCursor.Load([1, 2, 3]));
    }

    private void Change(string[] words)
    {
        if (words is ["saved", "plan", var plan, "partition", var partition, "after", var key])
            _saved = new TransferCursor(ulong.Parse(plan), int.Parse(partition), StorageKey.Of(key));
        else
            _around.Change(words);
    }

    private string Happen(string[] words)
    {
        switch (words)
        {
            case ["view"]: _receiving.ViewChanged(_around.View, _effects); break;
            case ["step"]: _receiving.Stepped(_around.Now, _effects); break;
            case ["chunk", "last"]: _receiving.Stored(_asked!, new StoredChunk(0, 0, null, IsLast: true), _effects); break;
            case ["chunk", .. var keys, "more"]: Stored(keys, isLast: false); break;
            case ["chunk", .. var keys, "last"]: Stored(keys, isLast: true); break;
            case ["not-stored"]: _receiving.NotStored(_asked!, _effects); break;
            case ["equal"]: _receiving.Compared(_asked!, null, _effects); break;
            case ["not-compared", .. var why]: _receiving.Compared(_asked!, string.Join(' ', why), _effects); break;
            case ["progress"]: return string.Join("; ", _receiving.Progress(_around.Now).Select(Show));
            default: throw new FormatException(string.Join(' ', words));
        }
        foreach (var effect in _effects) Note(effect);
        var shown = string.Join("; ", _effects.Select(Show));
        _effects.Clear();
        return shown;
    }

    private void Stored(string[] keys, bool isLast) =>
        _receiving.Stored(_asked!, new StoredChunk(keys.Length, 100 * keys.Length, StorageKey.Of(keys[^1]), isLast), _effects);

    private void Note(ReceiveEffect effect)
    {
        switch (effect)
        {
            case ReceiveEffect.AskChunk ask: _asked = ask.Of; break;
            case ReceiveEffect.Compare compare: _asked = compare.Of; break;
            case ReceiveEffect.SaveCursor save: _saved = save.Cursor; break;
        }
    }

    private static string Show(ReceiveEffect effect) => effect switch
    {
        ReceiveEffect.AskChunk(var of, var source, null) => $"ask {source} for {of.Partition}",
        ReceiveEffect.AskChunk(var of, var source, var after) => $"ask {source} for {of.Partition} after {after}",
        ReceiveEffect.SaveCursor(var cursor) => $"save {cursor.Partition} after {cursor.After}",
        ReceiveEffect.Compare(var of, var owner) => $"compare {of.Partition} with {owner}",
        ReceiveEffect.TellReceived(var epoch, var plan, var partition, var keys, _) => $"received {partition} by plan {plan} of epoch {epoch}, {keys} keys",
        ReceiveEffect.TellLost(var epoch, var plan, var partition) => $"lost {partition} by plan {plan} of epoch {epoch}",
        ReceiveEffect.GoOn => "go on",
        ReceiveEffect.Rest => "rest",
        _ => throw new NotSupportedException(effect.ToString()),
    };

    private static string Show(PartitionProgress progress) => progress.Waiting.Length > 0
        ? $"{progress.Partition} waits: {progress.Waiting}"
        : $"{progress.Partition} from {progress.Source}, {progress.Keys} keys";
}
