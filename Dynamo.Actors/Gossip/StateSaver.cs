using Akka.Actor;
using Akka.Event;
using Dynamo.Actors.Shared;
using Dynamo.Core.Membership;
using Dynamo.Core.Storage;

namespace Dynamo.Actors.Gossip;

/// <summary>The cluster state was saved after it could not be (null), or was not, with the reason.</summary>
internal sealed record StateSaved(string? Failure);

/// <summary>Saves the cluster state at each change. What the store refuses is logged, and saved again with the next round until it is taken.</summary>
/// <param name="gossiper">Is told of what was not saved, and of the first that was after it.</param>
internal sealed class StateSaver(IStorageEngine engine, IActorRef gossiper, ILoggingAdapter log)
{
    private readonly BackgroundFailures _failures = new(log);
    private bool _isTroubled;
    private bool _isDue;

    public void Save(ClusterState state)
    {
        // While all is well, no message says so.
        Func<object>? success = _isTroubled ? () => new StateSaved(null) : null;
        SavedState.SaveAsync(engine, state).PipeTo(gossiper, ActorRefs.NoSender, success, e => new StateSaved(e.GetBaseException().Message.ReplaceLineEndings(" ")));
    }

    public void Note(StateSaved saved) => _isDue = _isTroubled = !_failures.Note("saving the cluster's state", saved.Failure);

    public void RoundBegan(ClusterState state)
    {
        if (!_isDue) return;
        _isDue = false;
        Save(state);
    }
}
