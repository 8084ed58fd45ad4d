using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Tools.Client;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.TestActors;

namespace Akka.Tests.ClusterTools;

/// <summary>A client in one system, receptionists at <c>/system/receptionist</c> in others, TCP between them.</summary>
public class RemoteClusterClientTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private readonly List<ActorSystem> _nodes = [];

    public RemoteClusterClientTests()
        : base(Remoting, "client")
    {
    }

    private static Config Remoting => ConfigurationFactory.ParseString(
        """
        akka.actor.provider = remote
        akka.remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }
        """).WithFallback(StandInReceptionist.Configuration);

    [Fact]
    public async Task A_message_arrives_at_another_node_and_its_answer_at_the_sender()
    {
        var client = ActorOf(ClusterClient.Props(Settings(StartNode("node"))));
        client.Tell(new ClusterClient.Send("/user/echo", "hello"));
        await ExpectMsgAsync("hello", Long);
        Assert.Equal("/user/echo", LastSender.Path.ToStringWithoutAddress());
        Assert.Equal("node", LastSender.Path.Address.System);

        var asked = await client.Ask<string>(new ClusterClient.Send("/user/echo", "question"), Long);
        Assert.Equal("question", asked);
    }

    [Fact]
    public async Task A_client_goes_on_with_another_node_when_its_own_stops()
    {
        var nodes = new[] { StartNode("one"), StartNode("two") };
        var client = ActorOf(ClusterClient.Props(Settings(nodes)));
        client.Tell(new ClusterClient.Send("/user/echo", "first"));
        await ExpectMsgAsync("first", Long);
        var served = LastSender.Path.Address.System;
        await _nodes.Single(n => n.Name == served).Terminate();

        await AwaitAssertAsync(
            async () =>
            {
                client.Tell(new ClusterClient.Send("/user/echo", "again"));
                await ExpectMsgAsync("again", TimeSpan.FromMilliseconds(200));
            },
            Long);
        Assert.NotEqual(served, LastSender.Path.Address.System);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        foreach (var node in _nodes) Shutdown(node);
    }

    private string StartNode(string name)
    {
        var node = (ExtendedActorSystem)ActorSystem.Create(name, Remoting.WithFallback(DefaultConfig));
        _nodes.Add(node);
        node.ActorOf(SimpleEchoActor.Props(), "echo");
        var path = $"{node.Provider.DefaultAddress}/system/receptionist";
        var contacts = new[] { path };
        var report = new TestProbe(node, Assertions).Ref;
        node.SystemActorOf(Props.Create(() => new StandInReceptionist(contacts, report)), "receptionist");
        return path;
    }

    private ClusterClientSettings Settings(params string[] contacts) => new(
        contacts.Select(ActorPath.Parse).ToImmutableHashSet(),
        establishingGetContactsInterval: TimeSpan.FromMilliseconds(100),
        refreshContactsInterval: TimeSpan.FromSeconds(1),
        heartbeatInterval: TimeSpan.FromMilliseconds(100),
        acceptableHeartbeatPause: TimeSpan.FromMilliseconds(500),
        bufferSize: 100);
}
