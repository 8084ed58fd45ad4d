namespace Akka.Actor;

public class InvalidActorNameException : AkkaException
{
    public InvalidActorNameException(string message)
        : base(message)
    {
    }

    public InvalidActorNameException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>No answer came to an Ask before its timeout.</summary>
public class AskTimeoutException : AkkaException
{
    public AskTimeoutException(string message)
        : base(message)
    {
    }
}

public class ActorNotFoundException : AkkaException
{
    public ActorNotFoundException()
    {
    }

    public ActorNotFoundException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>An actor's constructor, its PreStart or its restart failed.</summary>
public class ActorInitializationException : AkkaException
{
    public ActorInitializationException()
    {
    }

    public ActorInitializationException(string message)
        : base(message)
    {
    }

    public ActorInitializationException(string message, Exception cause)
        : base(message, cause)
    {
    }

    public ActorInitializationException(IActorRef? actor, string message, Exception? cause = null)
        : base(message, cause) => Actor = actor!;

    public IActorRef Actor { get; set; } = null!;

    public override string ToString() => Actor is null ? base.ToString() : Actor + ": " + base.ToString();
}

public class PreRestartException : ActorInitializationException
{
    public PreRestartException(IActorRef actor, Exception restartException, Exception cause, object? optionalMessage)
        : base(actor, $"Exception in PreRestart(reason={cause.GetType()}, message={optionalMessage?.GetType().Name ?? "null"})", cause)
    {
        RestartException = restartException;
        OptionalMessage = optionalMessage!;
    }

    public Exception RestartException { get; }

    public object OptionalMessage { get; }
}

public class PostRestartException : ActorInitializationException
{
    public PostRestartException(IActorRef actor, Exception cause, Exception originalCause)
        : base(actor, $"Exception post restart ({originalCause?.GetType().ToString() ?? "null"})", cause) => OriginalCause = originalCause!;

    public Exception OriginalCause { get; }
}

public class LoggerInitializationException : AkkaException
{
    public LoggerInitializationException()
    {
    }

    public LoggerInitializationException(string message)
        : base(message)
    {
    }

    public LoggerInitializationException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}

public class ActorKilledException : AkkaException
{
    public ActorKilledException()
    {
    }

    public ActorKilledException(string message)
        : base(message)
    {
    }
}

public class IllegalActorStateException : AkkaException
{
    public IllegalActorStateException(string message)
        : base(message)
    {
    }
}

public class IllegalActorNameException : AkkaException
{
    public IllegalActorNameException(string message)
        : base(message)
    {
    }
}

/// <summary>A watched actor died, and its watcher did not handle the <see cref="Terminated"/>.</summary>
public class DeathPactException : AkkaException
{
    public DeathPactException(IActorRef deadActor)
        : base("Monitored actor [" + deadActor + "] terminated") => DeadActor = deadActor;

    public IActorRef DeadActor { get; }
}

public class InvalidMessageException : AkkaException
{
    public InvalidMessageException()
        : this("Message is null")
    {
    }

    public InvalidMessageException(string message)
        : base(message)
    {
    }
}

public class StashOverflowException : AkkaException
{
    public StashOverflowException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}

public sealed class SchedulerException : AkkaException
{
    public SchedulerException(string message)
        : base(message)
    {
    }
}
