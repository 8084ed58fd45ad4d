using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Dynamo.Actors.Settings;
using Dynamo.Actors.Shared;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Actors.Gossip;

/// <summary>
/// Decides for the gossiper whose messages it handles: passes them to the rules (<see cref="Admission"/>, <see cref="NameGuard"/>), refuses the others with a
/// reason, and keeps the warnings for the operator (docs/decisions/0019-who-may-gossip.md).
/// </summary>
internal sealed class PeerAdmission
{
    // The holder of a name has this many probe timeouts to answer a ping.
    private const int ProbesToAnswer = 5;
    private readonly INode _node;
    private readonly IActorRef _parent;
    private readonly IActorRef _gossiper;
    private readonly ActorSystem _system;
    private readonly Admission _admission;
    private readonly ClusterSeal _seal;
    private readonly NameGuard _names;
    private readonly Refusals _refusals;
    private readonly ReachChecks _reach;
    private readonly WarningBoard _warnings;
    private readonly string _cluster;
    private readonly List<NameEffect> _effects = [];

    /// <param name="past">This node's entry in its store, if any.</param>
    /// <param name="context">The gossiper's.</param>
    public PeerAdmission(INode node, DynamoSettings settings, Member? past, IActorContext context, ILoggingAdapter log)
    {
        (_node, _parent, _gossiper, _system, _cluster) = (node, context.Parent, context.Self, context.System, settings.Cluster.Name);
        Settings = AgreedSettings.Of(settings, _system.Settings.Config);
        _seal = new ClusterSeal(settings.Cluster.Secret);
        _admission = new Admission(_cluster, _seal, Settings);
        _names = new NameGuard((long)settings.Gossip.ProbeTimeout.TotalMilliseconds * ProbesToAnswer);
        _warnings = new WarningBoard(all => _parent.Tell(new NodeWarnings(all)));
        _refusals = new Refusals(_cluster, log, _warnings);
        _reach = new ReachChecks(Ping, Dial);
        if (past is null || past.IsGone) return;
        // A node whose store knows it at another address may be a copy of one that runs there.
        IsHeld = _names.Judge(past, node.Self.Address, node.NowMs, _effects) == NameVerdict.Hold;
        Settle();
    }

    /// <summary>The gossiper as admission sees it.</summary>
    internal interface INode : Detection.INode
    {
        Member Self { get; }

        long NowMs { get; }

        void Change(ClusterState state);
    }

    /// <summary>This node's settings, for its peers to compare.</summary>
    public ImmutableArray<AgreedSetting> Settings { get; }

    /// <summary>It is not known yet whether another live node has this one's name: until then this node serves nobody.</summary>
    public bool IsHeld { get; private set; }

    public Origin OriginOf(Member self) => new(_cluster, self.Id, self.Incarnation, NodeProtocol.Current, _seal.Of(_cluster, self.Id, self.Incarnation));

    public void RoundBegan() => _admission.RoundBegan();

    public void Tick()
    {
        _names.Tick(_node.NowMs, _effects);
        Settle();
        _reach.Tick(_node.NowMs);
        _warnings.Tick(_node.NowMs);
    }

    public void CheckReach(ReachRequest request, IActorRef asker) => _reach.Begin(request, asker, _node.NowMs);

    public void DialHasEnded(DialEnded ended) => _reach.Dialled(ended);

    /// <returns>False: the message is refused, or has been dealt with.</returns>
    public bool LetIn(IGossip gossip, IActorRef sender)
    {
        var (from, at) = (gossip.From, AddressOf(sender));
        if (!IsAdmitted(gossip, from, at, sender)) return false;
        if (at is { } address && !IsOwnerOfName(gossip, from, address, sender)) return false;
        if (gossip is Pong pong)
        {
            if (at is { } answerer) _names.Answered(from.Node, answerer, pong.Number, _node.NowMs, _effects);
            _reach.Answered(from.Node, pong.Number);
            Settle();
        }
        if (gossip is NameConflict conflict) _refusals.InConflict(conflict.Name, conflict.Kept, conflict.Refused, _node.NowMs);
        // A difference comes only from a peer that has let this node's marks in: it is known to be a member, whichever of the two began the round.
        var isAnswer = gossip is GossipAck or GossipMarks or GossipDelta;
        _admission.Heard();
        if (isAnswer) _admission.Answered();
        _refusals.Accepted(from.Node, at, isAnswer);
        return true;
    }

    /// <summary>A peer refuses this node.</summary>
    public void OnRefused(GossipRefused refused)
    {
        _refusals.RefusedBy(refused, _node.Self.Id, _node.NowMs);
        if (refused.Holder is { } holder)
        {
            if (_admission.Refused(holder, _node.Self)) Yield(holder.Address);
            // The other one may not have heard of this node, and is to go.
            else if (!_admission.IsOver && holder.Address != _node.Self.Address) GossiperAt(holder.Address).Tell(NameRefusal(_node.Self.Id, OwnClaim()));
        }
        else if (_admission.Refused(refused.Kind, _node.Self.Status)) _parent.Tell(new Expelled(refused.Reason));
    }

    /// <summary>
    /// A peer's difference without an entry of this node that may be another one's: an entry that wins over its own, at an address where a second node may run.
    /// It is adopted as soon as nobody answers there.
    /// </summary>
    public ClusterState WithoutNamesake(ClusterState difference)
    {
        var self = _node.Self;
        if (!difference.Members.TryGetValue(self.Id, out var said) || said.IsGone || said.Address == self.Address || Member.Later(self, said).Address == self.Address)
            return difference;
        var verdict = _names.Judge(said, self.Address, _node.NowMs, _effects);
        Settle();
        return verdict == NameVerdict.Accept ? difference : difference with { Members = difference.Members.Remove(self.Id) };
    }

    private bool IsAdmitted(IGossip gossip, Origin from, NodeAddress? at, IActorRef sender)
    {
        var refusal = _admission.WhyNot(from, isAnswer: gossip is GossipMarks or GossipDelta, _node.State);
        if (refusal is null && at is { } address && !HostReach.IsMutual(_node.Self.Address.Host, address.Host)) refusal = Refusal.OutOfReach;
        if (gossip is GossipSyn syn && refusal is (null or Refusal.OtherSettings))
        {
            if (!Agrees(syn, from, at, sender)) return false;
            refusal = _admission.WhyNot(from, isAnswer: false, _node.State);
        }
        if (refusal is not { } kind) return true;
        Count(kind);
        if (gossip is GossipSyn) Refuse(kind, from, at, _refusals.ReasonOf(kind, from, at, _node.Self, _node.State), sender);
        return false;
    }

    private bool Agrees(GossipSyn syn, Origin from, NodeAddress? at, IActorRef sender)
    {
        var differences = _admission.Compare(from, syn.Settings);
        var refused = differences.Where(d => d.IsRefused).ToArray();
        if (refused.Length > 0)
        {
            Count(Refusal.OtherSettings);
            Refuse(Refusal.OtherSettings, from, at, Agreement.InWords(refused, _node.Self.Id, from.Node), sender);
            return false;
        }
        _refusals.Differs(from.Node, Agreement.InWords(differences, _node.Self.Id, from.Node), _node.NowMs);
        return true;
    }

    private static void Count(Refusal kind) => NodeMetrics.GossipRefused.Add(1, new KeyValuePair<string, object?>("reason", kind.ToString()));

    private void Refuse(Refusal kind, Origin from, NodeAddress? at, string reason, IActorRef sender)
    {
        _refusals.Refused(kind, from, at, reason, _node.NowMs);
        sender.Tell(new GossipRefused(_node.Self.Id, kind, reason));
    }

    // ---- names

    private bool IsOwnerOfName(IGossip gossip, Origin from, NodeAddress at, IActorRef sender)
    {
        if (from.Node == _node.Self.Id)
        {
            if (at == _node.Self.Address) return true;
            HearNamesake(gossip, at, sender);
            return false;
        }
        if (!_node.State.Members.TryGetValue(from.Node, out var holder) || holder.IsGone) return true;
        var verdict = _names.Judge(holder, at, _node.NowMs, _effects);
        Settle();
        if (verdict == NameVerdict.Refuse && gossip is GossipSyn) RefuseName(from, at, new NameHolder(holder.Address, holder.Incarnation, NameClaim.Member), sender);
        return verdict == NameVerdict.Accept;
    }

    // Another live node has this one's name.
    private void HearNamesake(IGossip gossip, NodeAddress at, IActorRef sender)
    {
        var self = _node.Self;
        switch (gossip)
        {
            case Ping ping: sender.Tell(new Pong(OriginOf(_node.Self), ping.Number)); break;
            case Pong pong:
                _names.Answered(self.Id, at, pong.Number, _node.NowMs, _effects);
                Settle();
                break;
            case GossipSyn or GossipMarks or GossipAck:
                if (_refusals.InConflict(self.Id, self.Address, at, _node.NowMs)) Spread(self.Id, self.Address, at);
                RefuseName(gossip.From, at, OwnClaim(), sender);
                break;
        }
    }

    private NameHolder OwnClaim() => new(_node.Self.Address, _node.Self.Incarnation, _admission.Claim);

    private void RefuseName(Origin from, NodeAddress at, NameHolder holder, IActorRef sender)
    {
        var refusal = NameRefusal(from.Node, holder);
        _refusals.Refused(Refusal.NameTaken, from, at, refusal.Reason, _node.NowMs);
        sender.Tell(refusal);
    }

    private GossipRefused NameRefusal(NodeId name, NameHolder holder) =>
        new(_node.Self.Id, Refusal.NameTaken, $"a live node at {holder.Address} has the name {name} (dynamo.node.name)", holder);

    private void Settle()
    {
        while (_effects.Count > 0)
        {
            var effect = _effects[0];
            _effects.RemoveAt(0);
            Run(effect);
        }
    }

    private void Run(NameEffect effect)
    {
        switch (effect)
        {
            case NameEffect.PingHolder(var holder, var number): Ping(holder, number); break;
            case NameEffect.NameIsFree(var former, _) when former.Id == _node.Self.Id:
                IsHeld = false;
                _node.Change(_node.State.With(former));
                break;
            case NameEffect.NameIsFree(_, var newcomer): _gossiper.Tell(new Introduce(newcomer)); break;
            case NameEffect.NameIsTaken(var holder, _) when holder.Id == _node.Self.Id: Yield(holder.Address); break;
            case NameEffect.NameIsTaken(var holder, var newcomer):
                _refusals.InConflict(holder.Id, holder.Address, newcomer, _node.NowMs);
                Spread(holder.Id, holder.Address, newcomer);
                GossiperAt(newcomer).Tell(NameRefusal(holder.Id, new NameHolder(holder.Address, holder.Incarnation, NameClaim.Member)));
                break;
        }
    }

    private void Spread(NodeId name, NodeAddress kept, NodeAddress refused)
    {
        foreach (var member in _node.State.Present)
            if (member.Id != _node.Self.Id) GossiperAt(member.Address).Tell(new NameConflict(OriginOf(_node.Self), name, kept, refused));
    }

    private void Yield(NodeAddress other) => _parent.Tell(new Expelled(
        $"node {_node.Self.Id} ended: a live node at {other} has its name in cluster {_cluster} (dynamo.node.name). Give this one another name or stop the other; "
        + "a copy of the other's data folder must not be used, so start this one empty"));

    private void Ping(NodeAddress to, long number) => GossiperAt(to).Tell(new Ping(OriginOf(_node.Self), number));

    private void Dial(NodeAddress to, long number)
    {
        var gossiper = _gossiper;
        Links.Dial(_system, to, isReached => gossiper.Tell(new DialEnded(number, isReached), ActorRefs.NoSender));
    }

    private IActorRef GossiperAt(NodeAddress address) => NodePaths.GossiperAt(_system, address);

    // Null for an actor of this process: in tests.
    private static NodeAddress? AddressOf(IActorRef sender) =>
        sender.Path.Address is { Host: { } host, Port: { } port } ? new NodeAddress(host, port) : null;
}
