using Google.Protobuf;

namespace Dynamo.Remoting;

/// <summary>
/// Sends a connection's frames. Writers only append, under a short lock; one work item at a time, at the end of a burst, sends all frames gathered so far,
/// and those that gather meanwhile go with its next send.
/// </summary>
/// <param name="failed">Called at most once, with the exception of a send; nothing is sent after that.</param>
internal sealed class FrameWriter(Wire wire, SocketTransportSettings settings, RemotingMetrics metrics, Action<Exception> failed) : IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private OutgoingBytes _gathering = new(settings.BigEndian);
    private OutgoingBytes _sending = new(settings.BigEndian);
    private long _waiting;
    private bool _running;
    private bool _completed;
    private bool _broken;

    /// <summary>Bytes accepted but not sent yet: at most the high-water mark and one frame.</summary>
    public long Waiting
    {
        get
        {
            lock (_gate) return _waiting;
        }
    }

    /// <returns>False when the frame was not taken: too much waits, or the connection is closing.</returns>
    public bool Write(ByteString payload)
    {
        lock (_gate)
        {
            if (_completed) return false;
            if (_waiting < settings.HighWaterMark)
            {
                _gathering.Append(payload);
                _waiting += FrameFormat.HeaderSize + payload.Length;
                if (_running) return true;
                _running = true;
                Burst.Later(this);
                return true;
            }
        }

        metrics.WritesRefused.Add(1);
        return false;
    }

    /// <summary>Takes no more frames; sends those taken, and then tells the peer that this was all.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            if (_completed) return;
            _completed = true;
            if (_running) return;
            _running = true;
            Burst.Later(this);
        }
    }

    /// <summary>Takes and sends no more frames.</summary>
    public void Abort()
    {
        lock (_gate)
        {
            _completed = true;
            _broken = true;
        }
    }

    void IThreadPoolWorkItem.Execute() => _ = Send();

    private async Task Send()
    {
        try
        {
            while (Take()) await SendTaken();
            if (MayFinish()) await wire.FinishSending();
        }
        catch (Exception e)
        {
            // The pieces are left to the garbage collector: an aborted operation might still read them.
            Abort();
            failed(e);
        }
    }

    private bool Take()
    {
        lock (_gate)
        {
            if (_gathering.IsEmpty || _broken)
            {
                _running = _completed;
                return false;
            }

            (_gathering, _sending) = (_sending, _gathering);
            return true;
        }
    }

    private async Task SendTaken()
    {
        var sends = 0;
        var bytes = 0L;
        foreach (var piece in _sending.Sealed())
        {
            var rest = piece.Bytes;
            while (rest.Length > 0)
            {
                rest = rest[await wire.Send(rest)..];
                sends++;
            }

            bytes += piece.Bytes.Length;
            piece.Return();
            lock (_gate) _waiting -= piece.Bytes.Length;
        }

        metrics.FramesSent.Add(_sending.Frames);
        metrics.BytesSent.Add(bytes);
        metrics.Sends.Add(sends);
        _sending.Clear();
    }

    private bool MayFinish()
    {
        lock (_gate) return _completed && !_broken;
    }
}
