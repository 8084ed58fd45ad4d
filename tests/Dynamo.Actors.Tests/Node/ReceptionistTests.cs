using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Tools.Client;
using Akka.Configuration;
using Akka.TestKit;
using Dynamo.Actors.Gossip;
using Dynamo.Actors.Shared;
using Dynamo.Core.Membership;
using Dynamo.Protocol;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.Node;

/// <summary>The receptionist serves Akka.Cluster.Tools' own client, over the wire.</summary>
public sealed class ReceptionistTests : Akka.TestKit.Xunit2.TestKit
{
    private const string Gossiper = $"/user/{NodePaths.Root}/{NodePaths.Gossiper}";
    private readonly FakeNode _n1 = new(Given.N1);
    private readonly FakeNode _n2 = new(Given.N2);

    public ReceptionistTests()
        : base(Given.Remoting, NodePaths.SystemName)
    {
    }

    [Fact]
    public void A_clients_message_reaches_the_actor_and_the_answer_reaches_the_client()
    {
        _n1.Receive();
        var gossiper = Play(_n1);
        var client = Connect();
        client.Tell(new ClusterClient.Send(Gossiper, new DirectoryRequest(7), true), TestActor);
        Assert.Equal(new DirectoryRequest(7), gossiper.ExpectMsg<DirectoryRequest>(Given.Long));
        gossiper.Reply(new DirectoryUnchanged([]));
        ExpectMsg<DirectoryUnchanged>(Given.Long);
    }

    [Fact]
    public void A_client_reaches_only_the_products_own_actors()
    {
        _n1.Receive();
        var gossiper = Play(_n1);
        var secret = CreateTestProbe("secret");
        _n1.Add("secret", secret);
        var client = Connect();
        client.Tell(new ClusterClient.Send("/user/secret", new DirectoryRequest(1), true), TestActor);
        client.Tell(new ClusterClient.SendToAll("/user/secret", new DirectoryRequest(2)), TestActor);
        client.Tell(new ClusterClient.Send(Gossiper, new DirectoryRequest(3), true), TestActor);
        Assert.Equal(new DirectoryRequest(3), gossiper.ExpectMsg<DirectoryRequest>(Given.Long));
        Assert.False(secret.HasMessages);
    }

    [Fact]
    public void A_client_learns_the_other_nodes_and_goes_on_with_one_of_them()
    {
        var view = new ClusterView(Given.N1, Given.State(_n1.Member, _n2.Member), []);
        foreach (var node in new[] { _n1, _n2 }) node.Receive().Tell(new ViewChanged(view, 1));
        var (first, second) = (Play(_n1), Play(_n2));
        var client = Connect();
        client.Tell(SubscribeContactPoints.Instance, TestActor);
        var known = ImmutableHashSet<ActorPath>.Empty;
        AwaitAssert(
            () =>
            {
                known = ReceiveOne(TimeSpan.FromSeconds(1)) switch
                {
                    ContactPoints points => known.Union(points.ContactPointsList),
                    ContactPointAdded added => known.Add(added.ContactPoint),
                    _ => known,
                };
                Assert.Equal(2, known.Count);
            },
            Given.Long, Given.Often);

        // The first contact to answer serves it.
        client.Tell(new ClusterClient.Send(Gossiper, new DirectoryRequest(1), true), TestActor);
        AwaitCondition(() => first.HasMessages || second.HasMessages, Given.Long, Given.Often);
        var (lost, other) = first.HasMessages ? (_n1, second) : (_n2, first);
        lost.Dispose();
        AwaitAssert(
            () =>
            {
                client.Tell(new ClusterClient.Send(Gossiper, new DirectoryRequest(2), true), TestActor);
                other.ExpectMsg<DirectoryRequest>(TimeSpan.FromMilliseconds(300));
            },
            Given.Long, Given.Often);
    }

    [Fact]
    public void Nodes_that_are_gone_or_believed_down_are_no_contacts()
    {
        var n3 = Given.Member(Given.N3, new NodeAddress("127.0.0.1", 1));
        var n4 = Given.Member(Given.N4, new NodeAddress("127.0.0.1", 2), status: MemberStatus.Removed);
        _n1.Receive().Tell(new ViewChanged(new ClusterView(Given.N1, Given.State(_n1.Member, _n2.Member, n3, n4), [Given.N3]), 1));
        var client = Connect();
        AwaitAssert(
            () =>
            {
                client.Tell(GetContactPoints.Instance, TestActor);
                var points = ExpectMsg<ContactPoints>(Given.Long).ContactPointsList;
                Assert.Equal(new[] { _n1.Address.Port, _n2.Address.Port }.Order(), points.Select(p => p.Address.Port!.Value).Order());
            },
            Given.Long, Given.Often);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _n1.Dispose();
        _n2.Dispose();
    }

    private TestProbe Play(FakeNode node)
    {
        var probe = CreateTestProbe($"{node.Id}-gossiper");
        node.Play(NodePaths.Gossiper, probe);
        return probe;
    }

    private IActorRef Connect()
    {
        var own = ((ExtendedActorSystem)Sys).Provider.DefaultAddress;
        var quick = ConfigurationFactory.ParseString("""
            establishing-get-contacts-interval = 100ms
            refresh-contacts-interval = 200ms
            heartbeat-interval = 200ms
            acceptable-heartbeat-pause = 1s
            buffer-size = 100
            """);
        var settings = ClusterClientSettings.Create(quick.WithFallback(Sys.Settings.Config.GetConfig("akka.cluster.client")));
        return Sys.ActorOf(ClusterClient.Props(settings.WithInitialContacts([NodePaths.ContactPoint(own, _n1.Address)])));
    }
}
