namespace Dynamo.Bench.Floor;

internal enum FrameKind : byte
{
    PutRequests,
    PutReplies,
    GetRequests,
    GetReplies,
    Writes,
    WriteAnswers,
    Reads,
    ReadAnswers,
}

/// <summary>
/// Sizes of the product's messages. Each is an envelope plus items. Measured from Dynamo.Protocol's serializer and Akka.Remote's own codec
/// as the difference between messages with one and two items, for keys like bench-0a1b2c3d:5000, a context of one writer, node names of two
/// letters, ports of five digits, and V bytes of value:
/// <code>
/// message                   an item    the message around it
/// ClientBatch of puts       62 + V     144    frame length, recipient's and sender's path, serializer, manifest, count
/// WriteBatch                69 + V     142
/// WriteAnswers                   1     140
/// ClientReplies to puts         40     150    the hash of the cluster's state too
/// ClientBatch of gets           29     142
/// ReadBatch (digests)           23     140
/// ReadAnswers (digests)          9     140
/// ClientReplies to gets     31 + V     152
/// </code>
/// </summary>
internal static class FrameSizes
{
    public const int KeyBytes = 20;

    public static int Head(FrameKind kind) => kind switch
    {
        FrameKind.PutRequests => 144,
        FrameKind.PutReplies => 150,
        FrameKind.GetReplies => 152,
        FrameKind.GetRequests or FrameKind.Writes => 142,
        _ => 140,
    };

    public static int Item(FrameKind kind, int valueBytes) => kind switch
    {
        FrameKind.PutRequests => 62 + valueBytes,
        FrameKind.PutReplies => 40,
        FrameKind.GetRequests => 29,
        FrameKind.GetReplies => 31 + valueBytes,
        FrameKind.Writes => 69 + valueBytes,
        FrameKind.WriteAnswers => 1,
        FrameKind.Reads => 23,
        _ => 9,
    };
}
