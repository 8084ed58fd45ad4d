using System.Buffers.Binary;
using System.Text;
using Dynamo.Bench.Load;

namespace Dynamo.Bench.Floor;

/// <summary>The floor's client. Continuations run on the loop's own thread, which then sends all the next requests with one write per node.</summary>
internal sealed class FloorTarget : ITarget
{
    private readonly Connection[] _nodes;
    private readonly byte[][] _keys;
    private readonly Dictionary<int, TaskCompletionSource> _pending = [];
    private readonly SocketLoop _loop;
    private readonly Thread _thread;
    private int _last;

    public FloorTarget(IEnumerable<int> ports, int valueBytes)
    {
        _nodes = [.. ports.Select(port => new Connection(FloorNode.Connect(port), valueBytes))];
        _keys = [.. Enumerable.Range(0, Keys.Count).Select(Encoded)];
        _loop = new SocketLoop(_nodes, listener: null, valueBytes, Handle, timeoutUs: -1);
        _thread = new Thread(_loop.Run) { IsBackground = true, Name = "client" };
        _thread.Start();
    }

    public Task PutAsync(int key, byte[] value) => Request(FrameKind.PutRequests, key, value);

    public Task GetAsync(int key) => Request(FrameKind.GetRequests, key, []);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task Request(FrameKind kind, int key, byte[] value)
    {
        lock (_loop.Gate)
        {
            var answer = _pending[++_last] = new TaskCompletionSource();
            var item = _nodes[key % _nodes.Length][kind].Add();
            BinaryPrimitives.WriteInt32LittleEndian(item, _last);
            _keys[key].CopyTo(item[4..]);
            value.CopyTo(item[^value.Length..]);
            // On its own thread the loop flushes after handling everything received.
            if (Thread.CurrentThread != _thread) _loop.Flush();
            return answer.Task;
        }
    }

    private void Handle(Connection from, Frame frame)
    {
        for (var i = 0; i < frame.Count; i++)
            if (_pending.Remove(BinaryPrimitives.ReadInt32LittleEndian(frame[i]), out var answer)) answer.SetResult();
    }

    private static byte[] Encoded(int key)
    {
        var encoded = new byte[FrameSizes.KeyBytes];
        Encoding.ASCII.GetBytes(Keys.NameOf(key)).CopyTo(encoded.AsSpan(1));
        return encoded;
    }
}
