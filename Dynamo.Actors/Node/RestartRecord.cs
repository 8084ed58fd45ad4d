using System.Collections.Immutable;
using Akka.Actor;

namespace Dynamo.Actors.Node;

/// <summary>The outcome for a failed actor. Every value but Restart ends the node.</summary>
internal enum Fate
{
    /// <summary>The actor restarts and continues with the next message.</summary>
    Restart,

    /// <summary>The actor could not start, initially or after a restart.</summary>
    CannotStart,

    /// <summary>Restarts do not help.</summary>
    FailsTooOften,

    /// <summary>The process is out of memory, or the actor was killed.</summary>
    Fatal,
}

/// <summary>The recent restarts of an actor, which decide the outcome of its next failure.</summary>
internal sealed class RestartRecord
{
    /// <summary>
    /// A failure caused by one message or record does not recur; one caused by the actor's state or its store recurs at once. Five restarts a minute
    /// tolerate a few failures of the first kind, and detect the second kind at little cost.
    /// </summary>
    public const int MaxRestarts = 5;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public static readonly RestartRecord None = new([]);

    private readonly ImmutableArray<TimeSpan> _restarts;

    private RestartRecord(ImmutableArray<TimeSpan> restarts) => _restarts = restarts;

    /// <param name="now">Monotonic time, from the same clock for all failures.</param>
    /// <returns>The outcome, and the record, which includes this restart if it is one.</returns>
    public (Fate Fate, RestartRecord After) Failed(Exception cause, TimeSpan now)
    {
        if (cause is OutOfMemoryException or ActorKilledException or DeathPactException) return (Fate.Fatal, this);
        // Covers failed restarts too: PostRestartException derives from it.
        if (cause is ActorInitializationException) return (Fate.CannotStart, this);
        ImmutableArray<TimeSpan> recent = [.. _restarts.Where(at => now - at < Window)];
        return recent.Length < MaxRestarts ? (Fate.Restart, new RestartRecord(recent.Add(now))) : (Fate.FailsTooOften, this);
    }
}
