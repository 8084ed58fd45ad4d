using System.Collections.Frozen;
using Dynamo.Core.Wire;

namespace Dynamo.Protocol;

/// <summary>
/// The table of all messages: a manifest (the conversation's letter, the message's number, the version of its form), and the form's writer and reader. A
/// changed form gets a row with the next version; the old row stays, so that old bytes stay readable. docs/protocol.md says what each message is for.
/// </summary>
internal static class Forms
{
    private static readonly Form[] All =
    [
        Form.Of<ClientBatch>("C1.1", ClientCodec.Write, ClientCodec.ReadBatch),
        Form.Of<ClientReplies>("C2.1", ClientCodec.Write, ClientCodec.ReadReplies),
        Form.Of<ReadBatch>("R1.1", ReplicaCodec.Write, ReplicaCodec.ReadReads),
        Form.Of<ReadAnswers>("R2.2", ReplicaCodec.Write, ReplicaCodec.ReadReadAnswers),
        Form.Of<WriteBatch>("R3.2", ReplicaCodec.Write, ReplicaCodec.ReadWrites),
        Form.Former<WriteAnswers>("R4.1", ReplicaCodec.ReadWriteAnswersBefore2),
        Form.Of<WriteAnswers>("R4.2", ReplicaCodec.Write, ReplicaCodec.ReadWriteAnswers),
        Form.Of<KeyStatesRequest>("R5.1", ReplicaCodec.Write, ReplicaCodec.ReadStatesRequest),
        Form.Of<KeyStates>("R6.1", ReplicaCodec.Write, ReplicaCodec.ReadStates),
        Form.Of<ReapBatch>("R7.2", ReplicaCodec.Write, ReplicaCodec.ReadReap),
        Form.Of<SliceRequest>("R8.1", ReplicaCodec.Write, ReplicaCodec.ReadSliceRequest),
        Form.Of<SetSlice>("R9.1", ReplicaCodec.Write, ReplicaCodec.ReadSlice),
        Form.Of<KeysRequest>("R10.1", ReplicaCodec.Write, ReplicaCodec.ReadKeysRequest),
        Form.Of<KeysPage>("R11.1", ReplicaCodec.Write, ReplicaCodec.ReadKeysPage),
        Form.Former<Heartbeat>("G1.1", (ref from) => GossipCodec.ReadHeartbeat(ref from, isSealed: false)),
        Form.Of<Heartbeat>("G1.2", GossipCodec.Write, (ref from) => GossipCodec.ReadHeartbeat(ref from, isSealed: true)),
        Form.Former<GossipSyn>("G2.1", (ref from) => GossipCodec.ReadSyn(ref from, isSealed: false)),
        Form.Of<GossipSyn>("G2.2", GossipCodec.Write, (ref from) => GossipCodec.ReadSyn(ref from, isSealed: true)),
        Form.Former<GossipAck>("G3.1", (ref from) => GossipCodec.ReadAck(ref from, isSealed: false)),
        Form.Of<GossipAck>("G3.2", GossipCodec.Write, (ref from) => GossipCodec.ReadAck(ref from, isSealed: true)),
        Form.Former<GossipMarks>("G4.1", (ref from) => GossipCodec.ReadMarks(ref from, isSealed: false)),
        Form.Of<GossipMarks>("G4.2", GossipCodec.Write, (ref from) => GossipCodec.ReadMarks(ref from, isSealed: true)),
        Form.Former<GossipDelta>("G5.2", (ref from) => GossipCodec.ReadDelta(ref from, isSealed: false)),
        Form.Of<GossipDelta>("G5.3", GossipCodec.Write, (ref from) => GossipCodec.ReadDelta(ref from, isSealed: true)),
        Form.Former<GossipRefused>("G6.1", GossipCodec.ReadRefusedBefore2),
        Form.Of<GossipRefused>("G6.2", GossipCodec.Write, GossipCodec.ReadRefused),
        Form.Former<SpreadSuspicions>("G7.1", (ref from) => GossipCodec.ReadSpreadSuspicions(ref from, isSealed: false)),
        Form.Of<SpreadSuspicions>("G7.2", GossipCodec.Write, (ref from) => GossipCodec.ReadSpreadSuspicions(ref from, isSealed: true)),
        Form.Former<Ping>("G8.1", (ref from) => GossipCodec.ReadPing(ref from, isSealed: false)),
        Form.Of<Ping>("G8.2", GossipCodec.Write, (ref from) => GossipCodec.ReadPing(ref from, isSealed: true)),
        Form.Former<Pong>("G9.1", (ref from) => GossipCodec.ReadPong(ref from, isSealed: false)),
        Form.Of<Pong>("G9.2", GossipCodec.Write, (ref from) => GossipCodec.ReadPong(ref from, isSealed: true)),
        Form.Former<PingRequest>("G10.1", (ref from) => GossipCodec.ReadPingRequest(ref from, isSealed: false)),
        Form.Of<PingRequest>("G10.2", GossipCodec.Write, (ref from) => GossipCodec.ReadPingRequest(ref from, isSealed: true)),
        Form.Former<PingReport>("G11.1", (ref from) => GossipCodec.ReadPingReport(ref from, isSealed: false)),
        Form.Of<PingReport>("G11.2", GossipCodec.Write, (ref from) => GossipCodec.ReadPingReport(ref from, isSealed: true)),
        Form.Of<NameConflict>("G12.1", GossipCodec.Write, GossipCodec.ReadNameConflict),
        Form.Of<TreeRoots>("T1.1", AntiEntropyCodec.Write, AntiEntropyCodec.ReadRoots),
        Form.Of<TreeDifferences>("T2.1", AntiEntropyCodec.Write, AntiEntropyCodec.ReadDifferences),
        Form.Of<TreeNodes>("T3.1", AntiEntropyCodec.Write, AntiEntropyCodec.ReadNodes),
        Form.Of<TreeHashes>("T4.1", AntiEntropyCodec.Write, AntiEntropyCodec.ReadHashes),
        Form.Of<LeafKeys>("T5.1", AntiEntropyCodec.Write, AntiEntropyCodec.ReadLeaves),
        Form.Former<KeyDigests>("T6.1", AntiEntropyCodec.ReadKeysBefore2),
        Form.Of<KeyDigests>("T6.2", AntiEntropyCodec.Write, AntiEntropyCodec.ReadKeys),
        Form.Of<DirectoryRequest>("D1.1", DirectoryCodec.Write, DirectoryCodec.ReadRequest),
        Form.Of<ClusterDirectory>("D2.2", DirectoryCodec.Write, DirectoryCodec.ReadDirectory),
        Form.Of<DirectoryUnchanged>("D3.1", DirectoryCodec.Write, DirectoryCodec.ReadUnchanged),
        Form.Empty("A1.1", StatusRequest.Instance),
        Form.Former<NodeStatus>("A2.2", AdminCodec.ReadStatusBefore3),
        Form.Former<NodeStatus>("A2.3", AdminCodec.ReadStatusBefore4),
        Form.Of<NodeStatus>("A2.4", AdminCodec.Write, AdminCodec.ReadStatus),
        Form.Of<ExplainRequest>("A3.1", AdminCodec.Write, AdminCodec.ReadExplain),
        Form.Of<KeyReport>("A4.1", AdminCodec.Write, AdminCodec.ReadReport),
        Form.Of<ScanRequest>("A5.1", AdminCodec.Write, AdminCodec.ReadScan),
        Form.Of<ScanPage>("A6.1", AdminCodec.Write, AdminCodec.ReadPage),
        Form.Of<SetBucket>("A7.1", AdminCodec.Write, AdminCodec.ReadSetBucket),
        Form.Of<BucketSet>("A8.1", AdminCodec.Write, AdminCodec.ReadBucketSet),
        Form.Of<AdminRefused>("A9.1", AdminCodec.Write, AdminCodec.ReadRefused),
        Form.Of<Introduce>("M1.1", RingCodec.Write, RingCodec.ReadIntroduce),
        Form.Of<StageChange>("M2.1", RingCodec.Write, RingCodec.ReadStage),
        Form.Empty("M3.1", ClearChanges.Instance),
        Form.Of<CommitPlan>("M4.1", RingCodec.Write, RingCodec.ReadCommit),
        Form.Of<ChangeAccepted>("M5.1", RingCodec.Write, RingCodec.ReadAccepted),
        Form.Of<ReachRequest>("M6.1", RingCodec.Write, RingCodec.ReadReachRequest),
        Form.Of<ReachReport>("M7.1", RingCodec.Write, RingCodec.ReadReachReport),
        Form.Former<TransfersRequest>("X1.1", (ref _) => new TransfersRequest(0)),
        Form.Of<TransfersRequest>("X1.2", RingCodec.Write, RingCodec.ReadTransfersRequest),
        Form.Of<TransferReports>("X2.1", RingCodec.Write, RingCodec.ReadReports),
        Form.Of<ChunkRequest>("X3.1", RingCodec.Write, RingCodec.ReadChunkRequest),
        Form.Of<TransferChunk>("X4.2", RingCodec.Write, RingCodec.ReadChunk),
        Form.Of<DrainRequest>("A10.1", RingCodec.Write, RingCodec.ReadDrain),
        Form.Of<DrainState>("A11.1", RingCodec.Write, RingCodec.ReadDrainState),
        Form.Empty("A12.1", HintsRequest.Instance),
        Form.Of<HintsHeld>("A13.1", RingCodec.Write, RingCodec.ReadHints),
    ];

    /// <summary>The form in which a type is written: the last row of several.</summary>
    public static readonly FrozenDictionary<Type, Form> ByType = All.GroupBy(form => form.Type).ToFrozenDictionary(forms => forms.Key, forms => forms.Last());

    public static readonly FrozenDictionary<string, Form> ByManifest = All.ToFrozenDictionary(form => form.Manifest);
}

internal delegate T ReadForm<out T>(ref ByteReader from);

internal sealed class Form
{
    private Form(string manifest, Type type, Action<ByteWriter, object> write, ReadForm<object> read) => (Manifest, Type, Write, Read) = (manifest, type, write, read);

    public string Manifest { get; }

    public Type Type { get; }

    public Action<ByteWriter, object> Write { get; }

    public ReadForm<object> Read { get; }

    public static Form Of<T>(string manifest, Action<ByteWriter, T> write, ReadForm<T> read)
        where T : class, IWireMessage => new(manifest, typeof(T), (to, message) => write(to, (T)message), (ref from) => read(ref from));

    /// <summary>A form that is still read but no longer written: a row with the current form follows.</summary>
    public static Form Former<T>(string manifest, ReadForm<T> read)
        where T : class, IWireMessage => Of<T>(manifest, (_, _) => throw new NotSupportedException($"{manifest} is no longer written"), read);

    /// <summary>A message without content: its manifest says all.</summary>
    public static Form Empty<T>(string manifest, T message)
        where T : class, IWireMessage => new(manifest, typeof(T), (_, _) => { }, (ref _) => message);
}
