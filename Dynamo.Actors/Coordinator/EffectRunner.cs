using Akka.Actor;
using Akka.Event;
using Dynamo.Actors.Settings;
using Dynamo.Actors.Shared;
using Dynamo.Core.Background;
using Dynamo.Core.Membership;
using Dynamo.Core.Requests;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Protocol;

namespace Dynamo.Actors.Coordinator;

/// <summary>Carries out the effects of a request.</summary>
/// <param name="coordinator">Is told what the key of a conditional put holds.</param>
/// <param name="pending">All requests in flight; a finished one is removed.</param>
internal sealed class EffectRunner(
    DynamoSettings settings, IActorRef coordinator, RequestChecks checks, ReplicaAsks asks, Replies replies, Relays relays, RecentWrites recentWrites, HashSet<Pending> pending,
    PaceController pace, ILoggingAdapter log)
{
    private ClusterView _view = new(settings.Node.Id, ClusterState.Empty, []);

    public void Use(ClusterView view) => _view = view;

    /// <summary>Carries out the effects in order and empties the list. A full lane raises an event of its own, whose effects are appended.</summary>
    public void Run(Pending request, List<Effect> effects, TimeSpan now)
    {
        for (var i = 0; i < effects.Count; i++)
        {
            switch (effects[i])
            {
                case Effect.Reply reply: Reply(request, reply.Outcome, now); break;
                case Effect.Done: pending.Remove(request); break;
                case var effect when request is PendingGet get: Run(get, effect, effects, now); break;
                case var effect: Run((PendingPut)request, effect, effects, now); break;
            }
        }
        effects.Clear();
    }

    private void Run(PendingGet get, Effect effect, List<Effect> effects, TimeSpan now)
    {
        switch (effect)
        {
            case Effect.AskWhole ask: Ask(get, ask.Place, digestOnly: false, effects, now); break;
            case Effect.AskDigest ask: Ask(get, ask.Place, digestOnly: true, effects, now); break;
            case Effect.AskSlices ask:
                asks.ReadInSlices(get.Coordination.Participants[ask.Place].Node, get.ItemFor(ask.Place, digestOnly: false), new Purpose.Part(get, ask.Place));
                break;
            case Effect.Repair repair:
                asks.TryWrite(
                    get.Coordination.Participants[repair.Place].Node, get.Repair(checks.OptionsOf(_view, get.Request).Conflicts), Purpose.Mending.Instance);
                break;
            default: throw new NotSupportedException($"{effect} is not an effect of a get");
        }
    }

    private void Run(PendingPut put, Effect effect, List<Effect> effects, TimeSpan now)
    {
        switch (effect)
        {
            case Effect.Mint: Mint(put, effects); break;
            case Effect.Restamp restamp: Mint(put, effects, restamp.Again); break;
            case Effect.Renew renew: Renew(put, renew.Place); break;
            case Effect.Store store: Store(put, store.Place, effects, now); break;
            case Effect.ForwardToIncoming forward: Forward(put, forward.Node, effects); break;
            case Effect.KeepHint keep: asks.TryWrite(_view.Self, put.ItemFor(hintFor: keep.Node), Purpose.Mending.Instance); break;
            case Effect.PassOn to: PassOn(put, to.Node, now); break;
            case Effect.WarnOfSiblings warning: Warn(put.Request.Key, warning); break;
            default: throw new NotSupportedException($"{effect} is not an effect of a put");
        }
    }

    private void Reply(Pending request, Outcome outcome, TimeSpan now)
    {
        if (outcome.IsMeasured) pace.Record(now - request.Began);
        if (request is PendingGet { Request: PutRequest } check)
        {
            ReplyToCheck(check, outcome);
            return;
        }
        if (outcome.IsRefusal && request is PendingPut { Request: var put }) recentWrites.Refused(put.WriteId, put.Id);
        replies.Add(request, outcome);
    }

    private void ReplyToCheck(PendingGet check, Outcome outcome)
    {
        if (outcome is Outcome.Found found) coordinator.Tell(new ConditionRead(check, found));
        else if (outcome is Outcome.NotMet notMet) replies.Add(check, notMet with { Reason = $"the condition could not be checked, so nothing was written: {notMet.Reason}" });
        else replies.Add(check, outcome);
    }

    private void Ask(PendingGet get, int place, bool digestOnly, List<Effect> effects, TimeSpan now)
    {
        var node = get.Coordination.Participants[place].Node;
        if (!asks.TryRead(node, get.ItemFor(place, digestOnly), new Purpose.Part(get, place))) get.Coordination.NoRoom(place, now, _view, effects);
    }

    private void Mint(PendingPut put, List<Effect> effects, StampAgain? again = null)
    {
        if (asks.TryMint(put.MintItem(settings.Limits.RecordBytes) with { Again = again }, new Purpose.Part(put, 0))) recentWrites.Begun(put.Request.WriteId);
        else put.Coordination.NoRoomToMint(effects);
    }

    private void Store(PendingPut put, int place, List<Effect> effects, TimeSpan now)
    {
        var to = put.Coordination.Participants[place];
        if (!asks.TryWrite(to.Node, put.ItemFor(to.FallbackFor), new Purpose.Part(put, place))) put.Coordination.NoRoom(place, now, _view, effects);
    }

    private void Renew(PendingPut put, int place)
    {
        var to = put.Coordination.Participants[place];
        asks.TryWrite(to.Node, put.ItemFor(to.FallbackFor), Purpose.Mending.Instance);
    }

    private void Forward(PendingPut put, NodeId node, List<Effect> effects)
    {
        if (!asks.TryWrite(node, put.ItemFor(hintFor: null), new Purpose.Incoming(put, node))) put.Coordination.IncomingAnswered(node, isTaken: false, effects);
    }

    private void PassOn(PendingPut put, NodeId first, TimeSpan now)
    {
        recentWrites.PassedOn(put.Request.WriteId, put.Request.Id);
        relays.PassOn(put, first, checks.DeadlineOf(put.Request, now));
    }

    private void Warn(StorageKey key, Effect.WarnOfSiblings warning)
    {
        NodeMetrics.SiblingWarnings.Add(1, new KeyValuePair<string, object?>("bucket", key.Bucket));
        log.Warning("key {0} has {1} siblings, more than {2}: its writers do not pass on contexts", key, warning.Siblings, warning.Limit);
    }
}
