using Dynamo.Core.Buckets;
using Dynamo.Core.Quorum;
using Dynamo.Core.Requests;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;

namespace Dynamo.Core.Tests.Requests;

/// <summary>
/// Requests whose asks are answered in any order and any way, checked against a naive count: each is answered once, ends
/// when no answer is owed any more, and its verdict matches the count.
/// </summary>
public sealed class AnyOrderTests
{
    private static readonly StorageKey Key = StorageKey.Of("k");
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private static readonly string[] Sets = ["none", "apple", "pear", "apple+pear", "apple>plum"];

    [Fact]
    public void Gets() => Seeds.Run(2000, random =>
    {
        var around = Around(random);
        var get = new GetCoordination(Key, around.Rules, ConflictMode.Siblings, Deadline, around.View);
        var run = new Run(get);
        var held = Enumerable.Range(0, 9).Select(_ => Notation.Set(Sets[random.Next(Sets.Length)])).ToArray();
        var merged = VersionSet.Empty;
        get.Begun(run.Effects);
        while (run.Next(random) is { } asked)
        {
            var (set, now) = (held[run.PlaceOf(asked)], Time(random));
            if (random.Next(3) == 0)
            {
                get.Failed(run.PlaceOf(asked), isLate: random.Next(2) == 0, now, around.View, run.Effects);
            }
            else if (asked is Effect.AskWhole)
            {
                merged = merged.Merge(set);
                get.AnsweredWhole(run.PlaceOf(asked), set, run.Effects);
            }
            else
            {
                get.AnsweredDigest(run.PlaceOf(asked), VersionCodec.Digest(Key, set), now, around.View, run.Effects);
            }
        }
        Assert.Equal(merged, get.Merged);
        if (run.Outcome is Outcome.Found found) Assert.True(found.Answered >= around.Rules.R);
    });

    [Fact]
    public void Puts() => Seeds.Run(2000, random =>
    {
        var around = Around(random);
        var put = new PutCoordination(Key, around.Rules, CausalContext.Empty, Deadline, around.View);
        var run = new Run(put);
        var took = new HashSet<Participant> { put.Participants[0] };
        var synced = 0;
        put.Begun(isForwarded: false, isConditional: false, around.View, run.Effects);
        while (run.Next(random) is { } asked)
        {
            if (asked is Effect.Mint)
            {
                var after = new Record(0, Notation.Set("apple"));
                if (random.Next(10) == 0) put.NotMinted("broken", isLate: random.Next(2) == 0, run.Effects);
                else put.Minted(new Applied(new RecordKey(Key), Record.None, after, after.Versions.Siblings[0].Dot), Counted(random, ref synced), BucketOptions.Default, around.View, run.Effects);
            }
            else if (random.Next(3) == 0)
            {
                put.Failed(run.PlaceOf(asked), isLate: random.Next(2) == 0, Time(random), around.View, run.Effects);
            }
            else
            {
                took.Add(put.Participants[run.PlaceOf(asked)]);
                put.StoredAt(run.PlaceOf(asked), Counted(random, ref synced), run.Effects);
            }
            foreach (var effect in run.Effects)
                if (effect is Effect.Reply { Outcome: Outcome.Stored stored }) Check(stored, took, synced, around.Rules);
        }
        Assert.Equal(0, run.Owed);
    });

    /// <summary>In a last-write-wins bucket, with replicas that keep other writes and own stores that stamp again, or do not.</summary>
    [Fact]
    public void Overtaken_puts() => Seeds.Run(2000, random =>
    {
        var around = Around(random);
        var put = new PutCoordination(Key, around.Rules, CausalContext.Empty, Deadline, around.View);
        var run = new Run(put);
        var (stampMs, restamps) = (5L, 0);
        put.Begun(isForwarded: false, isConditional: false, around.View, run.Effects);
        while (run.Next(random) is { } asked)
        {
            switch (asked)
            {
                case Effect.Mint: Mint(); break;
                case Effect.Restamp(var again):
                    restamps++;
                    stampMs = again.AboveMs + 1;
                    if (random.Next(4) == 0) put.NotMinted("broken", isLate: random.Next(2) == 0, run.Effects);
                    else if (random.Next(3) == 0) put.Minted(new Applied(new RecordKey(Key), Record.None, Record.None), true, BucketOptions.Default, around.View, run.Effects);
                    else Mint();
                    break;
                case var _ when random.Next(4) == 0: put.Failed(run.PlaceOf(asked), isLate: random.Next(2) == 0, Time(random), around.View, run.Effects); break;
                default:
                    put.StoredAt(run.PlaceOf(asked), random.Next(2) == 0, run.Effects, random.Next(2) == 0 ? stampMs + random.Next(-5, 9) : null);
                    break;
            }
        }
        Assert.Equal(0, run.Owed);
        Assert.InRange(restamps, 0, 3);

        void Mint()
        {
            var after = new Record(0, Notation.Set($"apple@{stampMs}"));
            put.Minted(new Applied(new RecordKey(Key), Record.None, after, after.Versions.Siblings[0].Dot), true, BucketOptions.Default, around.View, run.Effects);
        }
    });

    private static void Check(Outcome.Stored stored, HashSet<Participant> took, int synced, QuorumRules rules)
    {
        Assert.Equal(took, stored.By.Select(t => t.By).ToHashSet());
        Assert.True(took.Count >= rules.W && took.Count(p => p.IsPrimary) >= rules.PW && synced >= rules.DW);
        // As early as possible: without the last answer some condition would not be met.
        Assert.True(took.Count == rules.W || took.Count(p => p.IsPrimary) == rules.PW || synced == rules.DW);
    }

    private static Surroundings Around(Random random)
    {
        var around = new Surroundings();
        around.Change(["ring", .. Enumerable.Range(1, random.Next(1, 7)).Select(i => $"n{i}")]);
        for (var i = 2; i <= 6; i++) if (random.Next(4) == 0) around.Change(["down", $"n{i}"]);
        around.Change(["quorum", $"R={random.Next(1, 4)}", $"W={random.Next(1, 4)}", $"PR={random.Next(0, 3)}", $"PW={random.Next(0, 3)}", $"DW={random.Next(0, 3)}"]);
        return around;
    }

    private static TimeSpan Time(Random random) => random.Next(10) == 0 ? Deadline : TimeSpan.Zero;

    private static bool Counted(Random random, ref int synced)
    {
        var isSynced = random.Next(2) == 0;
        if (isSynced) synced++;
        return isSynced;
    }

    /// <summary>The open asks, and the client's outcome.</summary>
    private sealed class Run(Coordination request)
    {
        private readonly List<Effect> _open = [];
        private bool _isDone;

        public List<Effect> Effects { get; } = [];

        public Outcome? Outcome { get; private set; }

        /// <summary>Asks without an answer. Some may be left at the end of a get: for sets that turned out to equal others.</summary>
        public int Owed => _open.Count;

        public int PlaceOf(Effect asked) => asked switch
        {
            Effect.AskWhole(var place) => place,
            Effect.AskDigest(var place) => place,
            Effect.Store(var place) => place,
            _ => -1,
        };

        /// <summary>Processes the effects of the last event and draws the ask that is answered next.</summary>
        public Effect? Next(Random random)
        {
            foreach (var effect in Effects)
            {
                Assert.False(_isDone, "an effect after the end");
                switch (effect)
                {
                    case Effect.Reply reply:
                        Assert.Null(Outcome);
                        Outcome = reply.Outcome;
                        break;
                    case Effect.Done: _isDone = true; break;
                    case Effect.Repair: Assert.NotNull(Outcome); break;
                    case Effect.Renew: break;
                    default: _open.Add(effect); break;
                }
            }
            Effects.Clear();
            Assert.True(_isDone || _open.Count > 0, "nobody is asked, and it does not end");
            Assert.Equal(_isDone, request.IsOver);
            if (_isDone)
            {
                Assert.NotNull(Outcome);
                return null;
            }
            // A participant has one open ask at a time.
            Assert.Distinct(_open.Select(PlaceOf));
            var next = _open[random.Next(_open.Count)];
            _open.Remove(next);
            return next;
        }
    }
}
