using System.Runtime.ExceptionServices;
using Akka.Actor.Internal;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

// Birth, failure, restart and death.
public partial class ActorCell
{
    /// <summary>Who failed: this actor or, escalated, one of its children. Null while all is well.</summary>
    private IActorRef? _failed;
    private bool _failedFatally;
    private SystemMessage? _failingSystemMessage;

    private bool IsFailed => _failed is not null;

    /// <summary>Suspends this actor and its children, and lets the supervisor decide.</summary>
    internal void HandleInvokeFailure(Exception cause)
    {
        try
        {
            if (IsFailed || Mailbox.IsClosed)
                return;
            Mailbox.Suspend();
            var perpetrator = _failingSystemMessage is Failed { Child: var child } ? child : null;
            _failed = perpetrator ?? _self;
            SuspendChildren(perpetrator);
            Parent.SendSystemMessage(new Failed(_self, cause, _self.Path.Uid));
        }
        catch (Exception e)
        {
            Publish(new Error(e, _self.Path.ToString(), _actor?.GetType() ?? typeof(ActorCell), $"emergency stop: exception in failure handling for {cause.GetType()}"));
            foreach (var child in GetChildren())
                child.Stop();
            FinishTerminate();
        }
    }

    private void HandleCreate(ActorInitializationException? failure)
    {
        if (failure is not null)
        {
            _failedFatally = true;
            throw failure;
        }

        try
        {
            _actor = NewActor();
            _actor.AroundPreStart();
            CheckReceiveTimeout();
            if (_system.Settings.DebugLifecycle)
                PublishDebug("Started (" + _actor + ")");
        }
        catch (Exception e)
        {
            // Whatever failed, constructor or PreStart, this actor never lived: no PostStop will run for it.
            _failedFatally = true;
            ReleaseActor();
            throw e as ActorInitializationException
                ?? new ActorInitializationException(_self, "Exception during creation", e);
        }
    }

    private ActorBase NewActor()
    {
        _behavior = null;
        _outerBehaviors = null;
        var actor = CreateNewActorInstance()
            ?? throw new ActorInitializationException(_self, "Actor instance passed to ActorOf can't be 'null'");
        if (actor is IActorStash stashing)
            stashing.Stash = StashFactory.CreateStash(this, stashing);
        if (actor is IWithTimers timing)
            timing.Timers = new TimerScheduler(this);
        _behavior ??= actor.ReceiveInternal;
        if (actor is IInitializableActor initializable)
            initializable.Init();
        return actor;
    }

    private void FaultRecreate(Exception cause)
    {
        if (_actor is null)
        {
            FaultCreate();
            return;
        }

        if (!IsNormal)
        {
            FaultResume(null);
            return;
        }

        var failedActor = _actor;
        if (_system.Settings.DebugLifecycle)
            PublishDebug("Restarting");
        try
        {
            if (!_failedFatally)
                failedActor.AroundPreRestart(cause, _currentMessage!);
        }
        catch (Exception e)
        {
            var failure = new PreRestartException(_self, e, cause, _currentMessage);
            Publish(new Error(failure, _self.Path.ToString(), failedActor.GetType(), e.Message));
        }
        finally
        {
            ReleaseActor();
        }

        if (_children?.SetReason(new SuspendReason.Recreation(cause)) != true)
            FinishRecreate(cause);
    }

    private void FinishRecreate(Exception cause)
    {
        try
        {
            var survivors = GetChildren();
            Mailbox.Resume();
            _failed = null;
            _failedFatally = false;
            _actor = NewActor();
            _actor.AroundPostRestart(cause, null!);
            CheckReceiveTimeout();
            if (_system.Settings.DebugLifecycle)
                PublishDebug("Restarted (" + _actor + ")");
            foreach (var child in survivors)
                child.Restart(cause);
        }
        catch (Exception e)
        {
            _failedFatally = true;
            ReleaseActor();
            HandleInvokeFailure(new PostRestartException(_self, e, cause));
        }
    }

    private void FaultSuspend()
    {
        Mailbox.Suspend();
        SuspendChildren();
    }

    private void FaultResume(Exception? causedByFailure)
    {
        if (_actor is null)
        {
            FaultCreate();
            return;
        }

        if (_failedFatally && causedByFailure is not null)
        {
            FaultRecreate(causedByFailure);
            return;
        }

        var perpetrator = _failed;
        Mailbox.Resume();
        if (causedByFailure is not null)
        {
            _failed = null;
            if (_pendingTasks == 0)
                ClearCurrentEnvelope();
        }

        ResumeChildren(causedByFailure, perpetrator);
    }

    /// <summary>Creates an actor anew whose first creation failed, after its children have stopped.</summary>
    private void FaultCreate()
    {
        CancelReceiveTimeout();
        foreach (var child in GetChildren())
            Stop(child);
        if (_children?.SetReason(new SuspendReason.Creation()) != true)
            FinishCreate();
    }

    private void FinishCreate()
    {
        Mailbox.Resume();
        _failed = null;
        _failedFatally = false;
        var failing = _failingSystemMessage;
        _failingSystemMessage = new Create();
        try
        {
            HandleCreate(null);
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e);
        }
        finally
        {
            _failingSystemMessage = failing;
        }
    }

    private void Terminate()
    {
        SetReceiveTimeout(null);
        CancelReceiveTimeout();
        UnwatchWatchedActors();
        foreach (var child in GetChildren())
            Stop(child);

        var wasTerminating = IsTerminating;
        if (_children?.SetReason(SuspendReason.Termination.Instance) == true)
        {
            if (wasTerminating)
                return;
            Mailbox.Suspend();
            _failed = _self;
            if (_system.Settings.DebugLifecycle)
                PublishDebug("Stopping");
        }
        else
        {
            FinishTerminate();
        }
    }

    private void FinishTerminate()
    {
        var actor = _actor;
        try
        {
            actor?.AroundPostStop();
        }
        catch (Exception e)
        {
            Publish(new Error(e, _self.Path.ToString(), actor!.GetType(), e.Message));
        }
        finally
        {
            ReleaseActor();
            Interlocked.Exchange(ref _children, Children.Ended)?.SetTerminated();
            Dispatcher.Detach(this);
            Parent.SendSystemMessage(new DeathWatchNotification(_self, existenceConfirmed: true, addressTerminated: false));
            TellWatchersWeDied();
            UnwatchWatchedActors();
            if (_system.Settings.DebugLifecycle)
                Publish(new Debug(_self.Path.ToString(), actor?.GetType() ?? typeof(ActorCell), "Stopped"));
            _behavior = null;
            _outerBehaviors = null;
            ClearCurrentEnvelope();
        }
    }

    private void HandleFailed(Failed failed)
    {
        _currentMessage ??= failed;
        _currentSender ??= failed.Child;
        try
        {
            if (!TryGetChildStatsByRef(failed.Child, out var stats) || stats.Uid != failed.Uid)
                return;
            var strategy = _actor!.SupervisorStrategyInternal;
            if (!strategy.HandleFailure(this, failed.Child, failed.Cause, stats, _children!.Stats()))
                ExceptionDispatchInfo.Throw(failed.Cause);
        }
        finally
        {
            if (ReferenceEquals(_currentMessage, failed))
                ClearCurrentEnvelope();
        }
    }

    private void HandleChildTerminated(IActorRef child)
    {
        var reason = _children!.Remove(child);
        try
        {
            _actor?.SupervisorStrategyInternal.HandleChildTerminated(this, child, ChildrenWhenAsked());
        }
        catch (Exception e)
        {
            Publish(new Error(e, _self.Path.ToString(), _actor!.GetType(), "HandleChildTerminated failed"));
            HandleInvokeFailure(e);
        }

        switch (reason)
        {
            case SuspendReason.Recreation recreation:
                FinishRecreate(recreation.Cause);
                break;
            case SuspendReason.Creation:
                FinishCreate();
                break;
            case SuspendReason.Termination:
                FinishTerminate();
                break;
        }
    }

    /// <summary>Parts with the actor instance: what it stashed returns to the mailbox, its timers and its asynchronous handlers end.</summary>
    private void ReleaseActor()
    {
        if (_actor is null)
            return;
        var actor = _actor;
        if (actor is IWithTimers { Timers: TimerScheduler timers })
            timers.CancelAll();
        if (actor is IActorStash { Stash: { } stash })
            stash.UnstashAll();
        CancelReceiveTimeout();
        _receiveTimeout = null;
        AbandonTasks();
        ClearCurrentEnvelope();
        _actor = null;
        _props.Release(actor);
    }
}
