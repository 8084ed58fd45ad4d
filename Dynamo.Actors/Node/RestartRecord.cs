using System.Collections.Immutable;
using Akka.Actor;

namespace Dynamo.Actors.Node;

/// <summary>What becomes of an actor that failed. All but a restart ends the node.</summary>
internal enum Fate
{
    /// <summary>It begins anew with the next message.</summary>
    Restart,

    /// <summary>It could not begin, the first time or anew: there is nothing to restart.</summary>
    CannotStart,

    /// <summary>Restarts do not help.</summary>
    FailsTooOften,

    /// <summary>Its process has no memory left, or it was killed.</summary>
    Fatal,
}

/// <summary>When an actor was restarted of late; decides what its next failure leads to.</summary>
internal sealed class RestartRecord
{
    /// <summary>
    /// A failure that one message or one record brings about is over with it; one that lies in the actor's state or its store comes back at once. Five restarts in
    /// a minute leave room for a few of the first kind, and cost little before the second kind is seen.
    /// </summary>
    public const int MaxRestarts = 5;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public static readonly RestartRecord None = new([]);

    private readonly ImmutableArray<TimeSpan> _restarts;

    private RestartRecord(ImmutableArray<TimeSpan> restarts) => _restarts = restarts;

    /// <param name="now">On a monotonic clock, the same for all failures.</param>
    /// <returns>The record with this restart in it, if it is one.</returns>
    public (Fate Fate, RestartRecord After) Failed(Exception cause, TimeSpan now)
    {
        if (cause is OutOfMemoryException or ActorKilledException or DeathPactException) return (Fate.Fatal, this);
        // One that could not begin anew is of this type too.
        if (cause is ActorInitializationException) return (Fate.CannotStart, this);
        ImmutableArray<TimeSpan> recent = [.. _restarts.Where(at => now - at < Window)];
        return recent.Length < MaxRestarts ? (Fate.Restart, new RestartRecord(recent.Add(now))) : (Fate.FailsTooOften, this);
    }
}
