using Akka.Actor;

namespace Akka.Bench;

/// <summary>Answers each message with itself.</summary>
internal sealed class Echo : UntypedActor
{
    protected override void OnReceive(object message) => Sender.Tell(message);
}

/// <summary>Takes items, and says so to their sender after each thousand.</summary>
internal sealed class Sink : UntypedActor
{
    private readonly Dictionary<IActorRef, int> _received = [];

    protected override void OnReceive(object message)
    {
        var count = _received.GetValueOrDefault(Sender) + 1;
        if (count == Teller.Batch)
        {
            Sender.Tell(new Received(count));
            count = 0;
        }
        _received[Sender] = count;
    }
}

/// <summary>Tells items as fast as it may: no more than a window of them on the way.</summary>
internal sealed class Teller(IActorRef sink, Counter counter) : UntypedActor
{
    public const int Batch = 1000;

    private const int Window = 10;

    private readonly Item _item = Item.Sample();

    protected override void PreStart()
    {
        for (var i = 0; i < Window; i++)
            SendBatch();
    }

    protected override void OnReceive(object message)
    {
        counter.Add(((Received)message).Count);
        SendBatch();
    }

    private void SendBatch()
    {
        for (var i = 0; i < Batch; i++)
            sink.Tell(_item, Self);
    }
}

/// <summary>Keeps so many messages going to and fro between itself and an echo.</summary>
internal sealed class Pinger(IActorRef echo, int inFlight, object ping, Counter counter) : UntypedActor
{
    protected override void PreStart()
    {
        for (var i = 0; i < inFlight; i++)
            echo.Tell(ping, Self);
    }

    // Two messages a round: one each way.
    protected override void OnReceive(object message)
    {
        counter.Add(2);
        echo.Tell(message, Self);
    }
}

/// <summary>Written by one actor, read by the meter.</summary>
internal sealed class Counter
{
    private long _value;

    public long Value => Volatile.Read(ref _value);

    public void Add(int count) => Volatile.Write(ref _value, _value + count);
}
