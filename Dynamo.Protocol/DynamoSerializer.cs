using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using Dynamo.Core.Wire;

namespace Dynamo.Protocol;

/// <summary>
/// The one serializer of everything that the product sends. A manifest is a conversation's letter, the message's number and the version of its
/// form; a form that changes gets the next version, and old ones stay readable. Nothing that comes in names a type or is trusted.
/// </summary>
public sealed class DynamoSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Part of the wire contract: never changed.</summary>
    public const int SerializerId = 4607;

    public override int Identifier => SerializerId;

    public override string Manifest(object o) => o switch
    {
        ClientBatch => "C1.1",
        ClientReplies => "C2.1",
        ReadBatch => "R1.1",
        ReadAnswers => "R2.2",
        WriteBatch => "R3.2",
        WriteAnswers => "R4.1",
        KeyStatesRequest => "R5.1",
        KeyStates => "R6.1",
        ReapBatch => "R7.2",
        Heartbeat => "G1.1",
        GossipSyn => "G2.1",
        GossipAck => "G3.1",
        GossipMarks => "G4.1",
        GossipDelta => "G5.2",
        GossipRefused => "G6.1",
        Rumours => "G7.1",
        Ping => "G8.1",
        Pong => "G9.1",
        PingRequest => "G10.1",
        PingReport => "G11.1",
        TreeRoots => "T1.1",
        TreeDifferences => "T2.1",
        TreeNodes => "T3.1",
        TreeHashes => "T4.1",
        LeafKeys => "T5.1",
        KeyDigests => "T6.1",
        DirectoryRequest => "D1.1",
        ClusterDirectory => "D2.2",
        DirectoryUnchanged => "D3.1",
        StatusRequest => "A1.1",
        NodeStatus => "A2.2",
        ExplainRequest => "A3.1",
        KeyReport => "A4.1",
        ScanRequest => "A5.1",
        ScanPage => "A6.1",
        SetBucket => "A7.1",
        BucketSet => "A8.1",
        AdminRefused => "A9.1",
        Introduce => "M1.1",
        StageChange => "M2.1",
        ClearChanges => "M3.1",
        CommitPlan => "M4.1",
        ChangeAccepted => "M5.1",
        TransfersRequest => "X1.1",
        TransferReports => "X2.1",
        ChunkRequest => "X3.1",
        TransferChunk => "X4.2",
        DrainRequest => "A10.1",
        DrainState => "A11.1",
        HintsRequest => "A12.1",
        HintsHeld => "A13.1",
        _ => throw new ArgumentException($"{o.GetType()} is not a message of the wire protocol", nameof(o)),
    };

    public override byte[] ToBinary(object obj)
    {
        var to = t_writer ??= new ByteWriter(4096);
        to.Clear();
        switch (obj)
        {
            case ClientBatch m: ClientCodec.Write(to, m); break;
            case ClientReplies m: ClientCodec.Write(to, m); break;
            case ReadBatch m: ReplicaCodec.Write(to, m); break;
            case ReadAnswers m: ReplicaCodec.Write(to, m); break;
            case WriteBatch m: ReplicaCodec.Write(to, m); break;
            case WriteAnswers m: ReplicaCodec.Write(to, m); break;
            case KeyStatesRequest m: ReplicaCodec.Write(to, m); break;
            case KeyStates m: ReplicaCodec.Write(to, m); break;
            case ReapBatch m: ReplicaCodec.Write(to, m); break;
            case Heartbeat m: GossipCodec.Write(to, m); break;
            case GossipSyn m: GossipCodec.Write(to, m); break;
            case GossipAck m: GossipCodec.Write(to, m); break;
            case GossipMarks m: GossipCodec.Write(to, m); break;
            case GossipDelta m: GossipCodec.Write(to, m); break;
            case GossipRefused m: GossipCodec.Write(to, m); break;
            case Rumours m: GossipCodec.Write(to, m); break;
            case Ping m: GossipCodec.Write(to, m); break;
            case Pong m: GossipCodec.Write(to, m); break;
            case PingRequest m: GossipCodec.Write(to, m); break;
            case PingReport m: GossipCodec.Write(to, m); break;
            case TreeRoots m: AntiEntropyCodec.Write(to, m); break;
            case TreeDifferences m: AntiEntropyCodec.Write(to, m); break;
            case TreeNodes m: AntiEntropyCodec.Write(to, m); break;
            case TreeHashes m: AntiEntropyCodec.Write(to, m); break;
            case LeafKeys m: AntiEntropyCodec.Write(to, m); break;
            case KeyDigests m: AntiEntropyCodec.Write(to, m); break;
            case DirectoryRequest m: DirectoryCodec.Write(to, m); break;
            case ClusterDirectory m: DirectoryCodec.Write(to, m); break;
            case DirectoryUnchanged m: DirectoryCodec.Write(to, m); break;
            case StatusRequest: break;
            case NodeStatus m: AdminCodec.Write(to, m); break;
            case ExplainRequest m: AdminCodec.Write(to, m); break;
            case KeyReport m: AdminCodec.Write(to, m); break;
            case ScanRequest m: AdminCodec.Write(to, m); break;
            case ScanPage m: AdminCodec.Write(to, m); break;
            case SetBucket m: AdminCodec.Write(to, m); break;
            case BucketSet m: AdminCodec.Write(to, m); break;
            case AdminRefused m: AdminCodec.Write(to, m); break;
            case Introduce m: RingCodec.Write(to, m); break;
            case StageChange m: RingCodec.Write(to, m); break;
            case ClearChanges or TransfersRequest or HintsRequest: break;
            case CommitPlan m: RingCodec.Write(to, m); break;
            case ChangeAccepted m: RingCodec.Write(to, m); break;
            case TransferReports m: RingCodec.Write(to, m); break;
            case ChunkRequest m: RingCodec.Write(to, m); break;
            case TransferChunk m: RingCodec.Write(to, m); break;
            case DrainRequest m: RingCodec.Write(to, m); break;
            case DrainState m: RingCodec.Write(to, m); break;
            case HintsHeld m: RingCodec.Write(to, m); break;
            default: throw new ArgumentException($"{obj.GetType()} is not a message of the wire protocol", nameof(obj));
        }
        return to.ToArray();
    }

    public override object FromBinary(byte[] bytes, string manifest)
    {
        var from = new ByteReader(bytes);
        try
        {
            object message = manifest switch
            {
                "C1.1" => ClientCodec.ReadBatch(ref from),
                "C2.1" => ClientCodec.ReadReplies(ref from),
                "R1.1" => ReplicaCodec.ReadReads(ref from),
                "R2.2" => ReplicaCodec.ReadReadAnswers(ref from),
                "R3.2" => ReplicaCodec.ReadWrites(ref from),
                "R4.1" => ReplicaCodec.ReadWriteAnswers(ref from),
                "R5.1" => ReplicaCodec.ReadStatesRequest(ref from),
                "R6.1" => ReplicaCodec.ReadStates(ref from),
                "R7.2" => ReplicaCodec.ReadReap(ref from),
                "G1.1" => GossipCodec.ReadHeartbeat(ref from),
                "G2.1" => GossipCodec.ReadSyn(ref from),
                "G3.1" => GossipCodec.ReadAck(ref from),
                "G4.1" => GossipCodec.ReadMarks(ref from),
                "G5.2" => GossipCodec.ReadDelta(ref from),
                "G6.1" => GossipCodec.ReadRefused(ref from),
                "G7.1" => GossipCodec.ReadRumours(ref from),
                "G8.1" => GossipCodec.ReadPing(ref from),
                "G9.1" => GossipCodec.ReadPong(ref from),
                "G10.1" => GossipCodec.ReadPingRequest(ref from),
                "G11.1" => GossipCodec.ReadPingReport(ref from),
                "T1.1" => AntiEntropyCodec.ReadRoots(ref from),
                "T2.1" => AntiEntropyCodec.ReadDifferences(ref from),
                "T3.1" => AntiEntropyCodec.ReadNodes(ref from),
                "T4.1" => AntiEntropyCodec.ReadHashes(ref from),
                "T5.1" => AntiEntropyCodec.ReadLeaves(ref from),
                "T6.1" => AntiEntropyCodec.ReadKeys(ref from),
                "D1.1" => DirectoryCodec.ReadRequest(ref from),
                "D2.2" => DirectoryCodec.ReadDirectory(ref from),
                "D3.1" => DirectoryCodec.ReadUnchanged(ref from),
                "A1.1" => StatusRequest.Instance,
                "A2.2" => AdminCodec.ReadStatus(ref from),
                "A3.1" => AdminCodec.ReadExplain(ref from),
                "A4.1" => AdminCodec.ReadReport(ref from),
                "A5.1" => AdminCodec.ReadScan(ref from),
                "A6.1" => AdminCodec.ReadPage(ref from),
                "A7.1" => AdminCodec.ReadSetBucket(ref from),
                "A8.1" => AdminCodec.ReadBucketSet(ref from),
                "A9.1" => AdminCodec.ReadRefused(ref from),
                "M1.1" => RingCodec.ReadIntroduce(ref from),
                "M2.1" => RingCodec.ReadStage(ref from),
                "M3.1" => ClearChanges.Instance,
                "M4.1" => RingCodec.ReadCommit(ref from),
                "M5.1" => RingCodec.ReadAccepted(ref from),
                "X1.1" => TransfersRequest.Instance,
                "X2.1" => RingCodec.ReadReports(ref from),
                "X3.1" => RingCodec.ReadChunkRequest(ref from),
                "X4.2" => RingCodec.ReadChunk(ref from),
                "A10.1" => RingCodec.ReadDrain(ref from),
                "A11.1" => RingCodec.ReadDrainState(ref from),
                "A12.1" => HintsRequest.Instance,
                "A13.1" => RingCodec.ReadHints(ref from),
                _ => throw new SerializationException($"no message of the wire protocol has the manifest '{manifest}'"),
            };
            from.End();
            return message;
        }
        catch (MalformedBytesException e)
        {
            throw new SerializationException($"a message with the manifest '{manifest}' is malformed: {e.Message}", e);
        }
    }

    // Serialization happens on whatever thread sends; each keeps the buffer it grew.
    [ThreadStatic]
    private static ByteWriter? t_writer;
}
