using Akka.Actor;
using Akka.Event;

namespace Akka.TestKit.Internal;

internal sealed class InternalTestActor(TestMessageQueue queue) : ActorBase
{
    private TestActor.Ignore? _ignore;
    private AutoPilot? _autoPilot;

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case TestActor.SetIgnore set:
                _ignore = set.Ignore;
                break;
            case TestActor.SetAutoPilot set:
                _autoPilot = set.AutoPilot;
                break;
            case TestActor.Watch watch:
                Context.Watch(watch.Actor);
                Acknowledge(message);
                break;
            case TestActor.Unwatch unwatch:
                Context.Unwatch(unwatch.Actor);
                Acknowledge(message);
                break;
            default:
                Pilot(message);
                if (_ignore is null || !_ignore(message)) queue.Enqueue(new RealMessageEnvelope(message, Sender));
                break;
        }

        return true;
    }

    /// <summary>What the test never took is as good as undelivered.</summary>
    protected override void PostStop()
    {
        foreach (var left in queue.Drain())
            Context.System.DeadLetters.Tell(new DeadLetter(left.Message, left.Sender, Self), left.Sender);
    }

    private void Acknowledge(object message)
    {
        if (!Sender.IsNobody()) Sender.Tell(message, Self);
    }

    private void Pilot(object message)
    {
        if (_autoPilot is null or NoAutoPilot) return;
        var next = _autoPilot.Run(Sender, message);
        if (next is not KeepRunning) _autoPilot = next;
    }
}
