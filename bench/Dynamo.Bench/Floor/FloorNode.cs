using System.Buffers.Binary;
using System.IO.Hashing;
using System.Net;
using System.Net.Sockets;
using Dynamo.Bench.Processes;

namespace Dynamo.Bench.Floor;

/// <summary>
/// A node of the floor: coordinator and replica over bare sockets, with the messages that the product sends for N=3, R=2, W=2. Copies of a put are sent
/// in parallel with the local commit; in the product they wait for it. Values are stored by hash of the key; digests are computed but not compared.
/// </summary>
internal sealed class FloorNode
{
    private const int Quorum = 2;
    private readonly Dictionary<ulong, byte[]> _values = [];
    private readonly Connection[] _others;
    private readonly SocketLoop _loop;
    private readonly int _valueBytes;
    private readonly CommitLog? _log;

    private FloorNode(Connection[] others, Socket listener, int valueBytes, bool syncs)
    {
        _others = others;
        _valueBytes = valueBytes;
        _loop = new SocketLoop(others, listener, valueBytes, Handle, syncs ? 20_000 : -1);
        if (syncs) _log = new CommitLog(OnCommitted);
    }

    /// <summary>Prints its port, reads the number of later nodes and the ports of earlier ones, and serves.</summary>
    public static void Run(int valueBytes, bool syncs, TextReader input, TextWriter output)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        output.WriteLine(((IPEndPoint)listener.LocalEndPoint!).Port);
        var words = input.ReadLine()?.Split(' ') ?? throw new BenchException("the driver is gone");
        var others = new List<Connection>();
        foreach (var port in words.Skip(1)) others.Add(new Connection(Connect(int.Parse(port)), valueBytes));
        for (var more = int.Parse(words[0]); more > 0; more--) others.Add(new Connection(listener.Accept(), valueBytes));
        output.WriteLine("ready");
        EndOfInput.Watch(input);
        new FloorNode([.. others], listener, valueBytes, syncs)._loop.Run();
    }

    public static Socket Connect(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }

    private void Handle(Connection from, Frame frame)
    {
        switch (frame.Kind)
        {
            case FrameKind.PutRequests: OnPuts(from, frame); break;
            case FrameKind.Writes: OnWrites(from, frame); break;
            case FrameKind.WriteAnswers: from.Writes.Answered(frame.Number, AckPut); break;
            case FrameKind.GetRequests: OnGets(from, frame); break;
            case FrameKind.Reads: OnReads(from, frame); break;
            case FrameKind.ReadAnswers: from.Reads.Answered(frame.Number, AckGet); break;
            default: throw new BenchException($"unexpected message {frame.Kind} at a node");
        }
    }

    private void OnPuts(Connection client, Frame frame)
    {
        var requests = new PendingRequest[frame.Count];
        for (var i = 0; i < frame.Count; i++)
        {
            var item = frame[i];
            requests[i] = new PendingRequest(client, BinaryPrimitives.ReadInt32LittleEndian(item), null);
            var key = item.Slice(4, FrameSizes.KeyBytes);
            Keep(key, item);
            foreach (var other in _others)
            {
                var write = other[FrameKind.Writes].Add();
                key.CopyTo(write);
                item[^_valueBytes..].CopyTo(write[^_valueBytes..]);
                other.Writes.Add(requests[i]);
            }
        }
        Commit(frame.Items, () => Array.ForEach(requests, AckPut));
    }

    private void OnWrites(Connection from, Frame frame)
    {
        for (var i = 0; i < frame.Count; i++) Keep(frame[i][..FrameSizes.KeyBytes], frame[i]);
        var (number, count) = (frame.Number, frame.Count);
        Commit(frame.Items, () => Answer(from, FrameKind.WriteAnswers, number, new byte[count]));
    }

    private void OnGets(Connection client, Frame frame)
    {
        for (var i = 0; i < frame.Count; i++)
        {
            var key = frame[i].Slice(4, FrameSizes.KeyBytes);
            var request = new PendingRequest(client, BinaryPrimitives.ReadInt32LittleEndian(frame[i]), ValueOf(key)) { Acks = 1 };
            foreach (var other in _others)
            {
                key.CopyTo(other[FrameKind.Reads].Add());
                other.Reads.Add(request);
            }
        }
    }

    private void OnReads(Connection from, Frame frame)
    {
        var itemBytes = FrameSizes.Item(FrameKind.ReadAnswers, _valueBytes);
        var answers = new byte[frame.Count * itemBytes];
        for (var i = 0; i < frame.Count; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(answers.AsSpan((i * itemBytes) + 1), XxHash3.HashToUInt64(ValueOf(frame[i][..FrameSizes.KeyBytes])));
        Answer(from, FrameKind.ReadAnswers, frame.Number, answers);
    }

    private static void Answer(Connection to, FrameKind kind, int number, byte[] items)
    {
        var answer = new byte[FrameSizes.Head(kind) + items.Length];
        Frame.WriteHead(answer, kind, answer.Length, number, items.Length / FrameSizes.Item(kind, 0));
        items.CopyTo(answer.AsSpan(FrameSizes.Head(kind)));
        to.Append(answer);
    }

    private static void AckPut(PendingRequest request)
    {
        if (++request.Acks != Quorum) return;
        BinaryPrimitives.WriteInt32LittleEndian(request.Client[FrameKind.PutReplies].Add(), request.Id);
    }

    private static void AckGet(PendingRequest request)
    {
        if (++request.Acks != Quorum) return;
        var reply = request.Client[FrameKind.GetReplies].Add();
        BinaryPrimitives.WriteInt32LittleEndian(reply, request.Id);
        request.Value!.CopyTo(reply[^request.Value!.Length..]);
    }

    private void Keep(ReadOnlySpan<byte> key, ReadOnlySpan<byte> item) => _values[XxHash3.HashToUInt64(key)] = item[^_valueBytes..].ToArray();

    private byte[] ValueOf(ReadOnlySpan<byte> key) =>
        _values.GetValueOrDefault(XxHash3.HashToUInt64(key)) ?? throw new BenchException("get of a key that was never put");

    private void Commit(ReadOnlySpan<byte> records, Action then)
    {
        if (_log is null) then();
        else _log.Append(records, then);
    }

    private void OnCommitted(IReadOnlyList<Action> waiting)
    {
        lock (_loop.Gate)
        {
            foreach (var then in waiting) then();
            _loop.Flush();
        }
    }
}
