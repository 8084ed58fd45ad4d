using System.Collections.Immutable;
using System.Text;
using Dynamo.Core.Buckets;
using Dynamo.Core.DataTypes;
using Dynamo.Core.FailureDetection;
using Dynamo.Core.Listing;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;

namespace Dynamo.Protocol.Tests;

/// <summary>Messages of every kind that crosses the wire, with plain and extreme values.</summary>
internal static class Samples
{
    private const ulong Store = 0x0102030405060708;
    private static readonly NodeId N1 = new("n1");
    private static readonly NodeId N2 = new("n2");
    private static readonly Origin Speaker = new("dynamo", N1, 128, 2, 0x1122334455667788);
    private static readonly StorageKey Cart = StorageKey.Of("cart");
    private static readonly Dot First = new(new Tenure(new StoreId(Store), 1), 1);
    private static readonly Dot Far = new(new Tenure(new StoreId(ulong.MaxValue), long.MaxValue), long.MaxValue);

    private static readonly VersionSet Apple = new(CausalContext.Empty.With(First), [new Sibling(First, "apple"u8.ToArray(), false, 0, 0)]);

    private static readonly VersionSet TwoSiblings = new(
        CausalContext.Of([First], [new DotRun(Far.Tenure, Far.Count, Far.Count)]),
        [new Sibling(First, default, true, 9, 0), new Sibling(Far, new byte[] { 0, 255 }, false, ulong.MaxValue, 1_700_000_000_000)]);

    private static readonly Member Member1 = new(N1, new NodeAddress("127.0.0.1", 7100), 1, MemberStatus.Up, "", 1);
    private static readonly Member Member2 = new(N2, new NodeAddress("::1", 65535), long.MaxValue, MemberStatus.Removed, "rack", 1000);

    private static readonly ClusterState State = ClusterState.Empty.With(Member1).With(Member2)
        .With(new RingVersion(HashRing.Founding([N1], 4, 3), new HashRing(2, HashRing.Founding([N1, N2], 4, 1).Owners), 7,
            ImmutableSortedDictionary<NodeId, MemberStatus>.Empty.Add(N1, MemberStatus.Up).Add(N2, MemberStatus.Removed)).With(N2, 3))
        .With("logs", new BucketEntry(2, new BucketOptions(new QuorumRules(5, 1, 3, 1, 2, 3), ConflictMode.LastWriteWins, 20)));

    private static readonly PutRequest Put = new(2, Cart, default, "apple"u8.ToArray(), false, 0x1122334455667788, QuorumOverrides.None, 3000);

    /// <summary>By the name that identifies their golden bytes.</summary>
    public static IReadOnlyDictionary<string, IWireMessage> All { get; } = new Dictionary<string, IWireMessage>
    {
        ["get"] = new ClientBatch([new GetRequest(1, Cart, QuorumOverrides.None, 3000)]),
        ["get, all said"] = new ClientBatch([new GetRequest(long.MaxValue, StorageKey.Of("logs", [0, 255]), new QuorumOverrides(3, 2, 1, 0, null, 16), 1, true)]),
        ["put"] = new ClientBatch([new PutRequest(2, Cart, default, "apple"u8.ToArray(), false, 0x1122334455667788, QuorumOverrides.None, 3000)]),
        ["put of nothing"] = new ClientBatch([new PutRequest(3, Cart, new byte[] { 1, 2 }, default, false, 1, QuorumOverrides.None, 0)]),
        ["delete"] = new ClientBatch([new PutRequest(4, Cart, new byte[] { 1, 2 }, default, true, 1, QuorumOverrides.None, 0, true)]),
        ["no requests"] = new ClientBatch([]),
        ["two requests"] = new ClientBatch([new GetRequest(1, Cart, QuorumOverrides.None, 1), new GetRequest(2, StorageKey.Of("ü"), QuorumOverrides.None, 1)]),
        ["got"] = new ClientReplies([new GetReply(1, [Bytes("apple"), Bytes("")], new byte[] { 1 }, 2)], 0xAABBCCDDEEFF0011),
        ["got, more follow"] = new ClientReplies([new GetReply(1, [Bytes("apple")], new byte[] { 1 }, 2, HasMore: true)], 0xAABBCCDDEEFF0011),
        ["got nothing"] = new ClientReplies([new GetReply(1, [], default, 0)], 0),
        ["stored"] = new ClientReplies([new PutReply(2, new byte[] { 1, 2 }, 2, [new ReceiptLine(N1, null, true), new ReceiptLine(N2, new NodeId("n3"), false)])], 5),
        ["failed"] = new ClientReplies([new RequestFailed(300, FailureKind.QuorumNotMet, "1 of the 2 needed answered", 2, 1)], 5),
        ["not stored"] = new ClientReplies([new RequestFailed(1, FailureKind.NotStored, "full")], 5),
        ["put, kept for a minute"] = new ClientBatch([Put with { Terms = new PutTerms(TtlMs: 60_000) }]),
        ["put if absent"] = new ClientBatch([Put with { Terms = new PutTerms(PutCondition.IfAbsent) }]),
        ["delete if unchanged"] = new ClientBatch([Put with { Value = default, IsDelete = true, Context = new byte[] { 1, 2 }, Terms = new PutTerms(PutCondition.IfContext) }]),
        ["increment"] = new ClientBatch([Update(new DataOperation.Add(-300))]),
        ["increment, sent again"] = new ClientBatch([Put with { Value = default, Terms = new PutTerms(Operation: new DataOperation.Add(1), IsAgain: true) }]),
        ["change of a set"] = new ClientBatch([Update(new DataOperation.Change([ByteString.Of("a"), ByteString.Of("")], [ByteString.Of("b")]))]),
        ["assignment"] = new ClientBatch([Update(new DataOperation.Assign("Ada"u8.ToArray()))]),
        ["switch"] = new ClientBatch([Update(new DataOperation.Switch(true))]),
        ["change of a map"] = new ClientBatch(
        [
            Update(new DataOperation.Fields([new FieldUpdate(new Field("visits", DataKind.Counter), new DataOperation.Add(1))], [new Field("ü", DataKind.Flag)])),
        ]),
        ["list"] = new ClientBatch([new ListRequest(7, ListPlace.Start, "logs", default, 1000, QuorumOverrides.None, 3000)]),
        ["list, the next page"] = new ClientBatch([new ListRequest(7, new ListPlace(new Token(ulong.MaxValue), Cart), "", "pre"u8.ToArray(), 1, new QuorumOverrides(R: 1), 1)]),
        ["got data"] = new ClientReplies(
        [
            new GetReply(1, [Bytes("apple")], new byte[] { 1 }, 2)
            {
                Data =
                [
                    new DataView.Counter(-300), new DataView.Set([ByteString.Of("a"), ByteString.Of("b")]), new DataView.Register(Bytes("Ada")), new DataView.Register(null),
                    new DataView.Flag(true), new DataView.Map(ImmutableSortedDictionary<Field, DataView>.Empty.Add(new Field("visits", DataKind.Counter), new DataView.Counter(1))),
                ],
            },
        ], 5),
        ["counted"] = new ClientReplies([new PutReply(2, new byte[] { 1, 2 }, 2, [new ReceiptLine(N1, null, true)]) { Counter = -300 }], 5),
        ["stored on a condition"] = new ClientReplies([new PutReply(2, default, 1, [new ReceiptLine(N1, null, true)]) { Check = new ConditionCheck(N1, true, 2) }], 5),
        ["condition failed"] = new ClientReplies([new RequestFailed(1, FailureKind.ConditionFailed, "the key has a value") { Context = new byte[] { 1, 2 } }], 5),
        ["operation failed"] = new ClientReplies([new RequestFailed(1, FailureKind.OperationFailed, "no counter")], 5),
        ["listed"] = new ClientReplies([new ListReply(1, [Cart, StorageKey.Of("logs", [0, 255])], new ListPlace(new Token(1), Cart))], 5),
        ["listed, the last page"] = new ClientReplies([new ListReply(1, [], null)], 5),
        ["keys request"] = new KeysRequest(new Token(1), new Token(ulong.MaxValue), null, "logs", "pre"u8.ToArray(), 1000),
        ["keys request, the next page"] = new KeysRequest(new Token(0), new Token(0), Cart, "", default, 1),
        ["keys page"] = new KeysPage(new ReplicaPage([new HeldKey(Cart, 7, true), new HeldKey(StorageKey.Of("logs", [0, 255]), ulong.MaxValue, false)], Cart, IsEnd: false)),
        ["keys page, the last"] = new KeysPage(new ReplicaPage([], null, IsEnd: true)),
        ["read answers, one that expires and one of a data type"] = new ReadAnswers(
        [
            new ReadAnswer(new VersionSet(Apple.Clock, [new Sibling(First, "apple"u8.ToArray(), false, 0, 0, ExpiresMs: 1_700_000_000_000)]), 0),
            new ReadAnswer(new VersionSet(Apple.Clock, [new Sibling(First, DataValue.Empty(DataKind.Counter).Apply(new DataOperation.Add(5), new DataWrite(First, 9, 0)).Apply(new DataOperation.Add(6), new DataWrite(First, 10, 0, IsAgain: true)).Encoded(), false, 9, 0, IsTyped: true)]), 0),
        ]),
        ["reads"] = new ReadBatch([new ReadItem(Cart, null, false), new ReadItem(Cart, N2, true)]),
        ["read answers"] = new ReadAnswers([new ReadAnswer(Apple, 0), new ReadAnswer(null, ulong.MaxValue), new ReadAnswer(VersionSet.Empty, 0)]),
        ["read answers, one failed"] = new ReadAnswers([ReadAnswer.Failed, new ReadAnswer(VersionSet.Empty, 0)]),
        ["slice request"] = new SliceRequest(Cart, null, null),
        ["slice request, the next"] = new SliceRequest(Cart, N2, new Dot(new Tenure(new StoreId(0xABCDEF), 2), 3)),
        ["slice"] = new SetSlice(TwoSiblings, new Dot(new Tenure(new StoreId(0xABCDEF), 2), 3)),
        ["slice, the last"] = new SetSlice(Apple, null),
        ["slice of a damaged record"] = new SetSlice(null, null),
        ["writes"] = new WriteBatch([new WriteItem(Cart, Apple, null, ConflictMode.Siblings, WriteCause.Put), new WriteItem(Cart, TwoSiblings, N2, ConflictMode.LastWriteWins, WriteCause.AntiEntropy)]),
        ["write answers"] = new WriteAnswers([WriteOutcome.Stored, WriteOutcome.Synced, WriteOutcome.Refused]),
        ["write answers, one kept another"] = new WriteAnswers([WriteOutcome.Stored, WriteOutcome.Synced], [new KeptWrite(1, 1_700_000_000_000)]),
        ["key states request"] = new KeyStatesRequest([Cart, StorageKey.Of("logs", [0])]),
        ["key states"] = new KeyStates([new KeyState(0, false), new KeyState(ulong.MaxValue, true)]),
        ["reap"] = new ReapBatch([new KeySet(Cart, Apple)]),
        ["heartbeat"] = new Heartbeat(Speaker),
        ["syn"] = new GossipSyn(Speaker, 0x0102030405060708, [], [new AgreedSetting("a", "1"), new AgreedSetting("ü", "")]),
        ["syn, one suspected"] = new GossipSyn(Speaker, 0, [new Suspicion(N2, long.MaxValue, N1)], [], 1_700_000_000_000),
        ["ack"] = new GossipAck(Speaker, []),
        ["ack, two suspected"] = new GossipAck(Speaker, [new Suspicion(N2, 1, N1), new Suspicion(N1, 0, N2)], new ClockReading(1, 1_700_000_000_000)),
        ["marks"] = new GossipMarks(Speaker, new StateMarks([1, 2, 3], [new MemberMark(N1, 1), new MemberMark(N2, ulong.MaxValue)], null, null), []),
        ["marks, of some"] = new GossipMarks(Speaker, new StateMarks([], [], N1, N2), [new Suspicion(N2, 1, N1)], new ClockReading(1, -1)),
        ["delta"] = new GossipDelta(Speaker, State, new StateMarks([1], [new MemberMark(N1, 1)], N1, null)),
        ["delta of nothing"] = new GossipDelta(Speaker, ClusterState.Empty, null),
        ["refused"] = new GossipRefused(N1, Refusal.OtherCluster, "its cluster is 'ü'"),
        ["gone"] = new GossipRefused(N1, Refusal.Gone, "node n3 was removed"),
        ["name taken"] = new GossipRefused(N1, Refusal.NameTaken, "another", new NameHolder(new NodeAddress("::1", 7105), 300, NameClaim.Member)),
        ["name conflict"] = new NameConflict(Speaker, N2, new NodeAddress("127.0.0.1", 7100), new NodeAddress("::1", 7105)),
        ["spread-suspicions"] = new SpreadSuspicions(Speaker, [new Suspicion(N2, 1, N1)]),
        ["ping"] = new Ping(Speaker, 300),
        ["pong"] = new Pong(Speaker, 300),
        ["ping request"] = new PingRequest(Speaker, N2, 300, 500),
        ["ping report"] = new PingReport(Speaker, 300, true),
        ["roots"] = new TreeRoots(N1, 3, [new PartitionRoot(0, 0), new PartitionRoot(4095, ulong.MaxValue)]),
        ["differences"] = new TreeDifferences([0, 4095], [7]),
        ["tree nodes"] = new TreeNodes(255, 2, [0, 255]),
        ["tree hashes"] = new TreeHashes([0, 1, ulong.MaxValue]),
        ["leaf keys"] = new LeafKeys(255, [0, 4095]),
        ["key digests"] = new KeyDigests([new KeyDigest(Cart, 0x0102030405060708)], 3),
        ["directory request"] = new DirectoryRequest(0x0102030405060708),
        ["directory"] = new ClusterDirectory("dynamo", N1, State, 1, [N2], BucketOptions.Default, new RequestLimits(1024, 1 << 20)),
        ["directory unchanged"] = new DirectoryUnchanged([N1, N2]),
        ["status request"] = StatusRequest.Instance,
        ["status"] = new NodeStatus(N1, "0.1.0", 4711, 60_000, "sqlite", 1, 5, 0x0102030405060708, [N2], 10, 1000, 3, 0.5, 12.25, true),
        ["status, troubled"] = new NodeStatus(N1, "", 0, 0, "memory", 0, 0, 0, [], 0, 0, 0, 0, 0, false, -3_600_000, true, "full") { Warnings = ["ü", ""] },
        ["explain"] = new ExplainRequest(Cart),
        ["key report"] = new KeyReport(
            N1, "{0000000000000001.1:1}", 0x0102030405060708, [new SiblingReport("0000000000000001.1:1", true, 0)], [N2], 1234, WriteCause.ReadRepair),
        ["key report of nothing"] = new KeyReport(N1, "", 0, [], [], -1, WriteCause.Put),
        ["scan"] = new ScanRequest(new Token(0), new Token(ulong.MaxValue), null, 2000),
        ["scan after"] = new ScanRequest(new Token(1), new Token(2), Cart, 1),
        ["scan page"] = new ScanPage([new KeyDigest(Cart, 1)], true),
        ["set bucket"] = new SetBucket("logs", new BucketOptions(new QuorumRules(5, 1, 3, 1, 2, 3), ConflictMode.LastWriteWins, 20)),
        ["set bucket, values expire"] = new SetBucket("logs", new BucketOptions(new QuorumRules(3, 2, 2), ConflictMode.LastWriteWins, 20, TtlMs: 60_000)),
        ["bucket set"] = new BucketSet("logs", 2),
        ["introduce"] = new Introduce(new NodeAddress("::1", 7105)),
        ["reach request"] = new ReachRequest(N2, new NodeAddress("::1", 7105), 5000),
        ["reach report"] = new ReachReport(true),
        ["stage"] = new StageChange(N1, ChangeKind.Leave, null),
        ["stage replace"] = new StageChange(N1, ChangeKind.Replace, N2),
        ["clear"] = ClearChanges.Instance,
        ["commit"] = new CommitPlan(3, 0x0102030405060708),
        ["accepted"] = new ChangeAccepted(2, 3),
        ["transfers request"] = new TransfersRequest(0),
        ["transfers request, more"] = new TransfersRequest(300),
        ["transfers"] = new TransferReports([
            new TransferReport(7, N1, N2, 100, 10_000, 2000, 0.5, 5000, ""), new TransferReport(4095, null, null, 0, 0, 0, 0, 0, "node n3 has not heard of the plan")]),
        ["chunk request"] = new ChunkRequest(7, null, 256 << 10),
        ["chunk request after"] = new ChunkRequest(7, Cart, 1),
        ["chunk"] = new TransferChunk([new KeySet(Cart, Apple)], true),
        ["drain"] = new DrainRequest(true),
        ["drain state"] = new DrainState(true, 2, 300),
        ["hints request"] = HintsRequest.Instance,
        ["hints"] = new HintsHeld([new HintsFor(N2, 300)]),
        ["admin refused"] = new AdminRefused("bucket logs: r = 4 is not from 1 to 3"),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    private static PutRequest Update(DataOperation operation) => Put with { Value = default, Terms = new PutTerms(Operation: operation) };

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
