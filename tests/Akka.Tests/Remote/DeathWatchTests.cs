using Akka.Actor;

namespace Akka.Tests.Remote;

public class DeathWatchTests : RemoteSystems
{
    [Fact]
    public async Task A_watcher_hears_when_a_remote_actor_stops()
    {
        var (a, b) = (Start("A"), Start("B"));
        var echo = Echo(b, "echo");
        var remote = await Resolve(a, b, "/user/echo");
        var probe = new Probe(a);
        probe.Watch(remote);
        // The watch is on its way when a message sent after it was answered.
        remote.Tell("ping", probe.Ref);
        await probe.Next<string>();

        b.Stop(echo);

        var terminated = await probe.Next<Terminated>();
        Assert.Equal(remote, terminated.ActorRef);
        Assert.False(terminated.AddressTerminated);
    }

    [Fact]
    public async Task A_watcher_hears_of_an_actor_that_is_gone_already()
    {
        var (a, b) = (Start("A"), Start("B"));
        var echo = Echo(b, "echo");
        var remote = await Resolve(a, b, "/user/echo");
        await echo.GracefulStop(Deadline);
        var probe = new Probe(a);

        probe.Watch(remote);

        Assert.Equal(remote, (await probe.Next<Terminated>()).ActorRef);
    }

    [Fact]
    public async Task All_watchers_of_an_actor_hear_of_it()
    {
        var (a, b) = (Start("A"), Start("B"));
        var echo = Echo(b, "echo");
        var remote = await Resolve(a, b, "/user/echo");
        var probes = new[] { new Probe(a), new Probe(a), new Probe(a) };
        foreach (var probe in probes)
            probe.Watch(remote);

        b.Stop(echo);

        foreach (var probe in probes)
            Assert.Equal(remote, (await probe.Next<Terminated>()).ActorRef);
    }

    [Fact]
    public async Task Who_unwatched_hears_nothing()
    {
        var (a, b) = (Start("A"), Start("B"));
        var echo = Echo(b, "echo");
        var remote = await Resolve(a, b, "/user/echo");
        var (quitter, stayer) = (new Probe(a), new Probe(a));
        quitter.Watch(remote);
        stayer.Watch(remote);
        quitter.Unwatch(remote);
        remote.Tell("sync", quitter.Ref);
        await quitter.Next<string>();

        b.Stop(echo);

        await stayer.Next<Terminated>();
        Assert.False(quitter.HasMessage);
    }

    [Fact]
    public async Task A_system_that_terminates_takes_its_actors_with_it()
    {
        var (a, b) = (Start("A"), Start("B"));
        Echo(b, "echo");
        var remote = await Resolve(a, b, "/user/echo");
        var probe = new Probe(a);
        probe.Watch(remote);
        remote.Tell("sync", probe.Ref);
        await probe.Next<string>();

        await b.Terminate().WaitAsync(Deadline);

        Assert.Equal(remote, (await probe.Next<Terminated>()).ActorRef);
    }

    [Fact]
    public async Task An_actor_here_is_watched_from_there()
    {
        var (a, b) = (Start("A"), Start("B"));
        var mine = Echo(a, "mine");
        var watcher = new Probe(b);
        watcher.Watch(await Resolve(b, a, "/user/mine"));

        a.Stop(mine);

        Assert.Equal($"{AddressOf(a)}/user/mine", (await watcher.Next<Terminated>()).ActorRef.Path.ToString());
    }
}
