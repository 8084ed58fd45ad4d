using Dynamo.Core.Buckets;
using Dynamo.Core.DataTypes;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;

namespace Dynamo.Core.Tests.Storage;

/// <summary>What a store does with a write on terms: a condition, an operation, an expiry.</summary>
public sealed class MintTests
{
    private const long NowMs = 1_000_000;
    private static readonly RecordKey Key = new(StorageKey.Of("key"));
    private readonly MintingStore _store;
    private long _sequence;
    private ulong _writes;

    public MintTests() => _store = new MintingStore(new StoreId(1), () => ++_sequence);

    [Fact]
    public void A_put_if_absent_is_stored_when_there_is_no_value_and_refused_when_there_is_one()
    {
        var first = Mint(Record.None, "a", PutCondition.IfAbsent);
        Assert.NotNull(first.Minted);
        var second = Mint(first.After, "b", PutCondition.IfAbsent);
        Assert.Null(second.Minted);
        Assert.Equal(new MintRefusal(true, "the key has a value"), second.Refusal);
        Assert.Same(first.After, second.After);
    }

    [Fact]
    public void A_deleted_or_expired_key_is_absent()
    {
        var put = Mint(Record.None, "a", expiresMs: NowMs + 10);
        Assert.NotNull(Mint(put.After, "b", PutCondition.IfAbsent).Refusal);
        Assert.Null(Mint(put.After, "b", PutCondition.IfAbsent, nowMs: NowMs + 10).Refusal);
        var deleted = Mint(put.After, null, context: put.After.Versions.Clock);
        Assert.Null(Mint(deleted.After, "b", PutCondition.IfAbsent).Refusal);
    }

    [Fact]
    public void A_put_if_unchanged_is_refused_when_the_key_has_a_write_that_its_context_has_not_seen()
    {
        var first = Mint(Record.None, "a");
        var context = first.After.Versions.Clock;
        var second = Mint(first.After, "b", PutCondition.IfContext, context);
        Assert.Equal("b", Shown(second.After));
        var stale = Mint(second.After, "c", PutCondition.IfContext, context);
        Assert.Equal(new MintRefusal(true, "the key has a write that the context has not seen"), stale.Refusal);
    }

    [Fact]
    public void A_write_that_is_here_already_is_not_judged_again()
    {
        var first = Mint(Record.None, "a", PutCondition.IfAbsent);
        _writes--;
        var again = Mint(first.After, "a", PutCondition.IfAbsent);
        Assert.Equal(first.Minted, again.Minted);
        Assert.Null(again.Refusal);
    }

    [Fact]
    public void An_operation_replaces_all_siblings_of_its_kind_with_what_it_makes_of_them()
    {
        var one = Update(Record.None, new DataOperation.Add(2));
        var other = new Mint(Key, Write(""), ConflictMode.Siblings, Terms: Terms(new DataOperation.Add(5)))
            .Apply(Record.None, new MintingStore(new StoreId(2), () => 1));
        var both = one.After.Merge(other.After.Versions);
        Assert.Equal(2, both.Versions.Siblings.Length);
        var third = Update(both, new DataOperation.Add(1));
        Assert.Single(third.After.Versions.Siblings);
        Assert.Equal(new DataView.Counter(8), TypedSiblings.Of(third.After.Versions, NowMs).Values.Single().View);
    }

    [Fact]
    public void An_operation_on_a_plain_value_is_refused()
    {
        var plain = Mint(Record.None, "a");
        var refused = Update(plain.After, new DataOperation.Add(1));
        Assert.Equal(new MintRefusal(false, "the key holds a plain value, not only a counter: delete it first"), refused.Refusal);
        Assert.Same(plain.After, refused.After);
    }

    [Fact]
    public void An_operation_whose_value_would_be_over_the_limit_is_refused()
    {
        var refused = new Mint(Key, Write(""), ConflictMode.Siblings, Terms: new MintTerms(NowMs, PutCondition.None, new DataOperation.Assign(new byte[100]), 90)).Apply(Record.None, _store);
        Assert.Matches("^the register would take 1\\d\\d bytes: 90 is the limit \\(dynamo.limits.value-bytes\\)$", refused.Refusal!.Reason);
    }

    [Fact]
    public void An_expired_value_is_buried_under_its_own_name_so_that_replicas_do_not_differ()
    {
        var put = Mint(Record.None, "a", expiresMs: NowMs);
        Assert.False(new BuryExpired(Key, NowMs - 1).Apply(put.After, _store).IsChange);
        var buried = new BuryExpired(Key, NowMs).Apply(put.After, _store);
        Assert.True(buried.After.Versions.IsDeleted);
        Assert.Equal(put.After.Versions, buried.After.Versions);
        Assert.Equal(VersionCodec.Digest(Key.Key, put.After.Versions), VersionCodec.Digest(Key.Key, buried.After.Versions));
        Assert.Same(buried.After, buried.After.Merge(put.After.Versions));
    }

    private Applied Mint(Record held, string? value, PutCondition condition = PutCondition.None, CausalContext? context = null, long expiresMs = 0, long nowMs = NowMs) =>
        new Mint(Key, Write(value, context, expiresMs), ConflictMode.Siblings, Terms: new MintTerms(nowMs, condition, null, int.MaxValue)).Apply(held, _store);

    private Applied Update(Record held, DataOperation operation) => new Mint(Key, Write(""), ConflictMode.Siblings, Terms: Terms(operation)).Apply(held, _store);

    private static MintTerms Terms(DataOperation operation) => new(NowMs, PutCondition.None, operation, int.MaxValue);

    private Write Write(string? value, CausalContext? context = null, long expiresMs = 0) => new(
        context ?? CausalContext.Empty, value is null ? default : System.Text.Encoding.UTF8.GetBytes(value), value is null, ++_writes, 0, expiresMs);

    private static string Shown(Record record) => string.Join(' ', record.Versions.Siblings.Select(s => System.Text.Encoding.UTF8.GetString(s.Value.Span)));
}
