using Akka.Actor;
using Akka.Event;
using Akka.TestKit;
using Dynamo.Actors.Gossip;
using Dynamo.Actors.Shared;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;
using Dynamo.Protocol;
using Dynamo.Storage.Memory;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.Gossip;

/// <summary>What the gossiper of n1 says to peers that it refuses, in its log, and to its parent for the status.</summary>
public sealed class AdmissionTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly NodeAddress Own = new("127.0.0.1", 7100);
    private readonly TestProbe _parent;
    private readonly TestProbe _peer;
    private readonly TestProbe _log;

    public AdmissionTests()
        : base(Given.Remoting, NodePaths.SystemName)
    {
        (_parent, _peer, _log) = (CreateTestProbe("parent"), CreateTestProbe("peer"), CreateTestProbe("log"));
        Sys.EventStream.Subscribe(_log, typeof(Warning));
    }

    [Fact]
    public void Another_secret_is_refused_and_named_on_both_sides()
    {
        var gossiper = Start("cluster.secret = ours");
        gossiper.Tell(Syn(Given.Origin(Given.N2, secret: "theirs")), _peer);
        var refused = _peer.ExpectMsg<GossipRefused>(Given.Long);
        Assert.Equal((Refusal.OtherSecret, "its secret is not this node's (dynamo.cluster.secret)"), (refused.Kind, refused.Reason));
        Logged("refused gossip from node n2: its secret is not this node's (dynamo.cluster.secret)");
        Assert.Contains("node n2 is refused: its secret is not this node's (dynamo.cluster.secret)", Warnings());

        gossiper.Tell(refused with { From = Given.N3 }, _peer);
        Logged("node n3 refuses to gossip with this one: its secret is not this node's (dynamo.cluster.secret)");
        Assert.Contains(Warnings(), w => w.StartsWith("node n3 refuses node n1: its secret", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_of_a_node_with_another_secret_is_taken_in()
    {
        var gossiper = Start("cluster.secret = ours");
        var stranger = Given.Origin(Given.N2, secret: "theirs");
        gossiper.Tell(new GossipDelta(stranger, Given.State(Given.Member(Given.N2, Own)), GossipDigest.MarksOf(ClusterState.Empty)), _peer);
        gossiper.Tell(new GossipMarks(stranger, GossipDigest.MarksOf(ClusterState.Empty), []), _peer);
        gossiper.Tell(new Ping(stranger, 1), _peer);
        gossiper.Tell(new DirectoryRequest(0), _peer);
        Assert.Equal([Given.N1], _peer.ExpectMsg<ClusterDirectory>(Given.Long).State.Members.Keys);
    }

    [Fact]
    public void A_node_of_an_older_protocol_is_told_to_upgrade()
    {
        Start().Tell(Syn(Given.Origin(Given.N2, protocol: NodeProtocol.Unsealed)), _peer);
        Assert.Contains("version 1 of the protocol", _peer.ExpectMsg<GossipRefused>(Given.Long).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ring.partitions", "64", "128")]
    [InlineData("bucket.n", "3", "2")]
    [InlineData("bucket.conflicts", "siblings", "last-write-wins")]
    public void A_setting_that_must_agree_is_refused_by_name(string key, string here, string there)
    {
        var gossiper = Start($"{key} = {here}");
        gossiper.Tell(Syn(Given.Origin(Given.N2), new AgreedSetting($"dynamo.{key}", there)), _peer);
        var refused = _peer.ExpectMsg<GossipRefused>(Given.Long);
        Assert.Equal((Refusal.OtherSettings, $"dynamo.{key} is {here} on n1 and {there} on n2"), (refused.Kind, refused.Reason));
        Logged($"refused gossip from node n2: dynamo.{key} is {here} on n1 and {there} on n2");
        // Its other messages are no sign of life either, until it begins again.
        gossiper.Tell(new Ping(Given.Origin(Given.N2), 1), _peer);
        gossiper.Tell(new Ping(Given.Origin(Given.N2, incarnation: 2), 2), _peer);
        Assert.Equal(2, _peer.ExpectMsg<Pong>(Given.Long).Number);
    }

    [Theory]
    [InlineData("limits.key-bytes", "1024", "2048")]
    [InlineData("limits.value-bytes", "1048576", "2097152")]
    [InlineData("limits.record-bytes", "4194304", "8388608")]
    [InlineData("tombstones.grace", "60s", "120s")]
    [InlineData("bucket.r", "2", "1")]
    [InlineData("bucket.w", "2", "3")]
    public void A_setting_that_is_changed_node_by_node_is_warned_of_once_and_shown_until_it_agrees(string key, string here, string there)
    {
        var gossiper = Start();
        var text = $"dynamo.{key} is {here} on n1 and {there} on n2: give all nodes the same";
        for (var i = 0; i < 3; i++)
        {
            gossiper.Tell(Syn(Given.Origin(Given.N2), new AgreedSetting($"dynamo.{key}", there)), _peer);
            _peer.ExpectMsg<GossipMarks>(Given.Long);
        }
        Logged(text);
        Assert.Equal([text], Warnings());
        gossiper.Tell(Syn(Given.Origin(Given.N2), new AgreedSetting($"dynamo.{key}", here)), _peer);
        Assert.Empty(Warnings());
        while (_log.HasMessages) Assert.NotEqual(text, ((Warning)_log.ReceiveOne(Given.Long)).Message.ToString());
    }

    [Fact]
    public void A_peer_gets_all_settings_that_must_agree()
    {
        var peer = new FakeNode(Given.N2);
        using (peer)
        {
            peer.Play(NodePaths.Gossiper, _peer);
            Start($"cluster.seeds = [\"{peer.Address}\"]\ngossip.interval = 20ms");
            var settings = _peer.FishForMessage<GossipSyn>(_ => true, Given.Long).Settings.ToDictionary(s => s.Key, s => s.Value);
            Assert.Equal("256 3 2 2 siblings never 1024 1048576 4194304 60s 16777216", string.Join(' ',
                "dynamo.ring.partitions dynamo.bucket.n dynamo.bucket.r dynamo.bucket.w dynamo.bucket.conflicts dynamo.bucket.ttl dynamo.limits.key-bytes dynamo.limits.value-bytes dynamo.limits.record-bytes dynamo.tombstones.grace akka.remote.dot-netty.tcp.maximum-frame-size"
                    .Split(' ').Select(k => settings[k])));
            Assert.Equal(11, settings.Count);
        }
    }

    [Fact]
    public void A_node_known_by_an_address_of_its_own_machine_only_is_refused_by_others()
    {
        using var peer = new FakeNode(Given.N2);
        peer.Play(NodePaths.Gossiper, _peer);
        var gossiper = Start("", new NodeAddress("10.0.0.1", 7100));
        // From the peer's system, whose address is 127.0.0.1.
        peer.Send(gossiper, Syn(Given.Origin(Given.N2)));
        var refused = _peer.FishForMessage<GossipRefused>(_ => true, Given.Long);
        Assert.Equal(Refusal.OutOfReach, refused.Kind);
        Assert.Contains($"the address of node n2, {peer.Address}, leads to it only on its own machine (akka.remote.dot-netty.tcp.hostname, public-hostname)", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_with_which_a_peer_has_exchanged_its_state_keeps_its_name_against_one_that_has_just_begun()
    {
        using var second = new FakeNode(Given.N1);
        second.Play(NodePaths.Gossiper, _peer);
        var gossiper = Start();
        var other = CreateTestProbe("other");
        // The peer began the round: no round of the node's own has been answered yet.
        gossiper.Tell(Syn(Given.Origin(Given.N2)), other);
        other.ExpectMsg<GossipMarks>(Given.Long);
        gossiper.Tell(new GossipDelta(Given.Origin(Given.N2), ClusterState.Empty, null), other);
        gossiper.Tell(new GossipRefused(Given.N1, Refusal.NameTaken, "", new NameHolder(second.Address, Incarnation: 99, NameClaim.Begun)), other);
        Assert.Equal(NameClaim.Member, _peer.FishForMessage<GossipRefused>(_ => true, Given.Long).Holder?.Claim);
    }

    // ---- reaching a node for an operator

    [Fact]
    public void A_node_that_answers_at_its_address_is_reached_and_another_one_there_is_not()
    {
        using var peer = new FakeNode(Given.N2);
        peer.Play(NodePaths.Gossiper, _peer);
        var gossiper = Start("gossip.heartbeat-interval = 100ms");
        var admin = CreateTestProbe("admin");
        gossiper.Tell(new ReachRequest(Given.N2, peer.Address, 20_000), admin);
        _peer.Reply(new Pong(Given.Origin(Given.N2), _peer.FishForMessage<Ping>(_ => true, Given.Long).Number));
        Assert.True(admin.ExpectMsg<ReachReport>(Given.Long).IsReached);

        gossiper.Tell(new ReachRequest(Given.N3, peer.Address, 300), admin);
        _peer.Reply(new Pong(Given.Origin(Given.N2), _peer.FishForMessage<Ping>(_ => true, Given.Long).Number));
        Assert.False(admin.ExpectMsg<ReachReport>(Given.Long).IsReached);
    }

    private static GossipSyn Syn(Origin from, params AgreedSetting[] settings) => new(from, 0, [], [.. settings]);

    private void Logged(string text) => _log.FishForMessage<Warning>(w => w.Message.ToString() == text, Given.Long);

    private string[] Warnings() => [.. _parent.FishForMessage<NodeWarnings>(_ => true, Given.Long).All];

    private IActorRef Start(string dynamo = "", NodeAddress? address = null)
    {
        var settings = Given.Settings($"dynamo {{ gossip {{ interval = 60s, heartbeat-interval = 60s }}\n{dynamo} }}");
        var gossiper = Gossiper.Props(settings, Given.Member(Given.N1, address ?? Own), new MemoryEngine(new StoreId(1)), new Random(1), new PeerTraffic(), [_parent]);
        return Sys.ActorOf(Props.Create(() => new Parent(_parent))).Ask<IActorRef>(gossiper, Given.Long).GetAwaiter().GetResult();
    }

    private sealed class Parent(IActorRef hears) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is Props child) Sender.Tell(Context.ActorOf(child));
            else hears.Forward(message);
        }
    }
}
