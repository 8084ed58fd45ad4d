using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Tools.Client;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.TestKit;
using Akka.TestKit.TestActors;

namespace Akka.Tests.ClusterTools;

public class ClusterClientTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly TestProbe _report;

    public ClusterClientTests()
        : base(StandInReceptionist.Configuration) =>
        _report = CreateTestProbe();

    private string Root => $"akka://{Sys.Name}";

    [Fact]
    public void A_message_sent_by_path_arrives_with_the_client_s_user_as_sender()
    {
        var echo = ActorOf(SimpleEchoActor.Props(), "echo");
        var client = ActorOf(ClusterClient.Props(Settings(Receptionist("one"))));
        client.Tell(new ClusterClient.Send("/user/echo", "hello", localAffinity: true));
        ExpectMsgFrom(echo, "hello", Long);
    }

    [Fact]
    public void What_is_sent_to_all_and_published_is_passed_on()
    {
        var client = ActorOf(ClusterClient.Props(Settings(Receptionist("one"))));
        client.Tell(new ClusterClient.SendToAll("/user/all", "x"));
        client.Tell(new ClusterClient.Publish("topic", "y"));
        Assert.Equal(new SendToAll("/user/all", "x"), _report.FishForMessage<SendToAll>(_ => true, Long));
        Assert.Equal(TestActor, _report.LastSender);
        Assert.Equal(new Publish("topic", "y"), _report.FishForMessage<Publish>(_ => true, Long));
    }

    [Fact]
    public void The_contacts_of_a_receptionist_replace_the_initial_ones()
    {
        var two = Receptionist("two");
        var one = Receptionist("one", two);
        var client = ActorOf(ClusterClient.Props(Settings(one)));
        client.Tell(SubscribeContactPoints.Instance);
        Assert.Equal([one], ExpectMsg<ContactPoints>(Long).ContactPointsList.Select(p => p.ToString()));
        var changes = new[] { ExpectMsg<IContactPointChange>(Long), ExpectMsg<IContactPointChange>(Long) };
        Assert.Equal(two, changes.OfType<ContactPointAdded>().Single().ContactPoint.ToString());
        Assert.Equal(one, changes.OfType<ContactPointRemoved>().Single().ContactPoint.ToString());
        client.Tell(GetContactPoints.Instance);
        Assert.Equal([two], ExpectMsg<ContactPoints>(Long).ContactPointsList.Select(p => p.ToString()));
    }

    [Fact]
    public void Messages_wait_for_a_receptionist_and_the_oldest_goes_when_the_buffer_is_full()
    {
        ActorOf(SimpleEchoActor.Props(), "echo");
        var client = ActorOf(ClusterClient.Props(Settings($"{Root}/user/one").WithBufferSize(2)));
        EventFilter.DeadLetter<Send>(s => s.Message is "first").ExpectOne(() =>
        {
            foreach (var message in new[] { "first", "second", "third" }) client.Tell(new ClusterClient.Send("/user/echo", message));
        });
        Receptionist("one");
        ExpectMsg("second", Long);
        ExpectMsg("third", Long);
    }

    [Fact]
    public void A_silent_receptionist_is_left_for_another()
    {
        var contacts = new[] { Receptionist("one"), Receptionist("two") };
        var client = ActorOf(ClusterClient.Props(Settings(contacts)));
        var first = Connected(client);
        first.Tell("fall silent");
        AwaitAssert(() => Assert.NotEqual(first, Connected(client)), Long);
    }

    [Fact]
    public void A_client_without_a_receptionist_stops_after_the_reconnect_timeout()
    {
        var client = Watch(ActorOf(ClusterClient.Props(Settings($"{Root}/user/none").WithReconnectTimeout(TimeSpan.FromMilliseconds(50)))));
        ExpectTerminated(client, Long);
    }

    [Fact]
    public void A_client_needs_initial_contacts() =>
        Assert.Throws<ArgumentException>(() => ClusterClientSettings.Create(Sys).WithInitialContacts(ImmutableHashSet<ActorPath>.Empty));

    [Fact]
    public void Settings_come_from_the_configuration()
    {
        var settings = ClusterClientSettings.Create(Sys);
        Assert.Equal(TimeSpan.FromSeconds(2), settings.HeartbeatInterval);
        Assert.Equal(TimeSpan.FromSeconds(13), settings.AcceptableHeartbeatPause);
        Assert.Equal(1000, settings.BufferSize);
        Assert.Null(settings.ReconnectTimeout);
    }

    /// <returns>The receptionist that serves the client.</returns>
    private IActorRef Connected(IActorRef client)
    {
        client.Tell(new ClusterClient.SendToAll("/user/who", "who"));
        _report.FishForMessage<SendToAll>(_ => true, Long);
        return _report.LastSender;
    }

    private string Receptionist(string name, params string[] contacts)
    {
        var path = $"{Root}/user/{name}";
        ActorOf(Props.Create(() => new StandInReceptionist(contacts.Length == 0 ? new[] { path } : contacts, _report.Ref)), name);
        return path;
    }

    private ClusterClientSettings Settings(params string[] contacts) => new(
        contacts.Select(ActorPath.Parse).ToImmutableHashSet(),
        establishingGetContactsInterval: TimeSpan.FromMilliseconds(50),
        refreshContactsInterval: Second,
        heartbeatInterval: TimeSpan.FromMilliseconds(50),
        acceptableHeartbeatPause: TimeSpan.FromMilliseconds(200),
        bufferSize: 100);
}
