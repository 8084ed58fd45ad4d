using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

// The turn: one user message at a time, and the system messages between them.
public partial class ActorCell
{
    private const int StateNormal = 0;
    private const int StateSuspended = 1;
    private const int StateWaitingForChildren = 2;

    private List<SystemMessage>? _stashedSystemMessages;

    public void Invoke(Envelope envelope)
    {
        var message = envelope.Message;
        _currentMessage = message;
        _currentSender = envelope.Sender;
        _currentEnvelopeId++;
        var influenced = _receiveTimeout.HasValue && message is not INotInfluenceReceiveTimeout;
        try
        {
            if (influenced)
                CancelReceiveTimeout();
            if (message is IAutoReceivedMessage)
                AutoReceiveMessage(envelope);
            else
                ReceiveMessage(message);
            if (_pendingTasks == 0)
                ClearCurrentEnvelope();
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e);
        }
        finally
        {
            if (_receiveTimeout.HasValue)
                CheckReceiveTimeout(influenced || _receiveTimeoutTask is null);
        }
    }

    protected internal virtual void AutoReceiveMessage(Envelope envelope)
    {
        if (_system.Settings.DebugAutoReceive)
            PublishDebug("received AutoReceiveMessage " + envelope);
        switch (envelope.Message)
        {
            case TimerMessage timer:
                ReceiveTimerMessage(timer);
                break;
            case Terminated terminated:
                ReceivedTerminated(terminated);
                break;
            case PoisonPill:
                _self.Stop();
                break;
            case Kill:
                throw new ActorKilledException("Kill");
            case ActorSelectionMessage selection:
                Akka.Actor.ActorSelection.DeliverSelection(_self, envelope.Sender, selection);
                break;
            case Identify identify:
                Sender.Tell(new ActorIdentity(identify.MessageId, _self), _self);
                break;
            case var message:
                ReceiveMessage(message);
                break;
        }
    }

    protected internal virtual void ReceiveMessage(object message) => _actor!.AroundReceive(_behavior!, message);

    /// <summary>Handles a message now and lets its failure out, for tests that drive a cell directly.</summary>
    internal void ReceiveMessageForTest(Envelope envelope)
    {
        (_currentMessage, _currentSender) = (envelope.Message, envelope.Sender);
        UseThreadContext(() =>
        {
            if (envelope.Message is IAutoReceivedMessage)
                AutoReceiveMessage(envelope);
            else
                ReceiveMessage(envelope.Message);
        });
        ClearCurrentEnvelope();
    }

    internal void SystemInvoke(SystemMessage message)
    {
        var state = FaultState();
        if (ShouldStash(message, state))
        {
            (_stashedSystemMessages ??= []).Add(message);
            return;
        }

        HandleSystemMessage(message);
        // What was kept back has its turn as soon as the actor is in a state that takes it.
        while (_stashedSystemMessages is { Count: > 0 } stashed && !Mailbox.IsClosed)
        {
            var next = stashed.FindIndex(kept => !ShouldStash(kept, FaultState()));
            if (next < 0)
                return;
            var kept = stashed[next];
            stashed.RemoveAt(next);
            HandleSystemMessage(kept);
        }
    }

    internal void PublishDebug(string text) => Publish(new Debug(_self.Path.ToString(), _actor?.GetType() ?? typeof(ActorCell), text));

    internal void Publish(LogEvent logEvent)
    {
        try
        {
            _system.EventStream.Publish(logEvent);
        }
        catch (Exception)
        {
            // A broken event stream must not stop the actor that wanted to speak of it.
        }
    }

    private static bool ShouldStash(SystemMessage message, int state) => state switch
    {
        StateNormal => false,
        StateSuspended => message is IStashWhenFailed,
        _ => message is IStashWhenWaitingForChildren or IStashWhenFailed,
    };

    private int FaultState() =>
        WaitsForChildrenToRestart ? StateWaitingForChildren : Mailbox.IsSuspended ? StateSuspended : StateNormal;

    private void HandleSystemMessage(SystemMessage message)
    {
        try
        {
            switch (message)
            {
                case Dispatch.SysMsg.ActorTask task:
                    TaskScheduler.RunStep(task.Task);
                    break;
                case Failed failed:
                    HandleFailed(failed);
                    break;
                case DeathWatchNotification notification:
                    WatchedActorTerminated(notification.Actor, notification.ExistenceConfirmed, notification.AddressTerminated);
                    break;
                case Create create:
                    HandleCreate(create.Failure);
                    break;
                case Watch watch:
                    AddWatcher(watch.Watchee, watch.Watcher);
                    break;
                case Unwatch unwatch:
                    RemWatcher(unwatch.Watchee, unwatch.Watcher);
                    break;
                case Recreate recreate:
                    FaultRecreate(recreate.Cause);
                    break;
                case Dispatch.SysMsg.Suspend:
                    FaultSuspend();
                    break;
                case Dispatch.SysMsg.Resume resume:
                    FaultResume(resume.CausedByFailure);
                    break;
                case Dispatch.SysMsg.Terminate:
                    Terminate();
                    break;
            }
        }
        catch (Exception e)
        {
            _failingSystemMessage = message;
            HandleInvokeFailure(e);
        }
        finally
        {
            _failingSystemMessage = null;
        }
    }

    private void ReceiveTimerMessage(TimerMessage timer)
    {
        if (_actor is not IWithTimers { Timers: TimerScheduler timers } || !timers.TryTake(timer, out var message))
            return;
        _currentMessage = message;
        if (message is IAutoReceivedMessage)
            AutoReceiveMessage(new Envelope(message, _currentSender!));
        else
            ReceiveMessage(message);
    }

    private void ClearCurrentEnvelope()
    {
        _currentMessage = null;
        _currentSender = null;
    }
}
