using Akka.Actor;
using Dynamo.Core.Ring;

namespace Dynamo.Actors.Node;

/// <summary>Judges failures of the node's actors, and words them for the operator.</summary>
internal sealed class ActorFailures(NodeId node)
{
    private readonly Dictionary<string, RestartRecord> _records = [];

    /// <summary>Decides what follows from an actor's failure.</summary>
    /// <param name="now">On the scheduler's monotonic clock.</param>
    /// <returns>Null: restart the actor; otherwise the reason why the node ends.</returns>
    public string? Judge(IActorRef actor, Exception cause, TimeSpan now)
    {
        var name = actor.Path.Name;
        var (fate, record) = _records.GetValueOrDefault(name, RestartRecord.None).Failed(cause, now);
        _records[name] = record;
        return fate switch
        {
            Fate.Restart => null,
            Fate.CannotStart => Words(actor, $"cannot start: {ReasonOf(cause)}"),
            Fate.FailsTooOften => Words(actor, $"failed {RestartRecord.MaxRestarts + 1} times within {RestartRecord.Window.TotalSeconds} s, now with {ReasonOf(cause)}"),
            _ => Words(actor, $"cannot go on: {ReasonOf(cause)}"),
        };
    }

    public string Stopped(IActorRef actor) => Words(actor, "stopped");

    public string Broke(IActorRef actor, Exception cause) => Words(actor, $"cannot go on: {ReasonOf(cause)}");

    private static string ReasonOf(Exception cause)
    {
        var root = cause.GetBaseException();
        return $"{root.GetType().Name}: {root.Message.ReplaceLineEndings(" ")}";
    }

    private string Words(IActorRef actor, string what) => $"node {node} ended: its actor {actor.Path.Name} {what}";
}
