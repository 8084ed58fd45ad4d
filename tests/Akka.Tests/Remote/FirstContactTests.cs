using Akka.Actor;

namespace Akka.Tests.Remote;

/// <summary>Systems that began to exist a moment ago and talk to each other at the very same time: no first word may be lost.</summary>
public class FirstContactTests : RemoteSystems
{
    private const int Rounds = 40;

    [Fact]
    public async Task Two_new_systems_that_ask_each_other_at_the_same_moment_both_get_their_answers()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var systems = await Fresh(2);
            await AskAll(systems, asks: 1);
            await End(systems);
        }
    }

    [Fact]
    public async Task So_do_five_that_all_ask_all()
    {
        for (var round = 0; round < Rounds / 4; round++)
        {
            var systems = await Fresh(5);
            await AskAll(systems, asks: 3);
            await End(systems);
        }
    }

    private async Task<ActorSystem[]> Fresh(int count)
    {
        var systems = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Task.Run(() => ActorSystem.Create("S", """
            akka {
              loglevel = OFF
              stdout-loglevel = OFF
              actor.provider = remote
              remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }
            }
            """))));
        foreach (var system in systems) Echo(system, "echo");
        return systems;
    }

    // From as many threads at once, through references that were never used.
    private static async Task AskAll(ActorSystem[] systems, int asks)
    {
        using var start = new Barrier(systems.Length);
        var answers = systems.Select(from => Task.Factory.StartNew(
            () =>
            {
                var others = systems.Where(s => s != from).Select(to => ((ExtendedActorSystem)from).Provider.ResolveActorRef($"{AddressOf(to)}/user/echo")).ToArray();
                start.SignalAndWait(Deadline);
                return others.SelectMany(other => Enumerable.Range(0, asks).Select(i => other.Ask<int>(i, Deadline))).ToArray();
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        foreach (var asked in answers)
            await Task.WhenAll(await asked);
    }

    private static Task End(ActorSystem[] systems) => Task.WhenAll(systems.Select(s => s.Terminate())).WaitAsync(Deadline);
}
