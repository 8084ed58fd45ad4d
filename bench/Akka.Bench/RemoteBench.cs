using Akka.Actor;

namespace Akka.Bench;

/// <summary>Between two processes on loopback.</summary>
internal static class RemoteBench
{
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(10);

    public static async Task<BenchResult> Ask(string name, int inFlight, TimeSpan time)
    {
        await using var peer = await Peer.Start();
        var system = Peer.CreateSystem("client");
        var echo = await Find(system, peer, "echo");
        var result = await Asking.Run(name, echo, Item.Sample(), inFlight, time, AskTimeout, peer.Process);
        await system.Terminate();
        return result;
    }

    public static async Task<BenchResult> Tell(string name, int senders, TimeSpan time)
    {
        await using var peer = await Peer.Start();
        var system = Peer.CreateSystem("client");
        var sink = await Find(system, peer, "sink");
        var counters = Enumerable.Range(0, senders).Select(_ => new Counter()).ToArray();
        foreach (var counter in counters)
            system.ActorOf(Props.Create(() => new Teller(sink, counter)));
        var result = await Counting.Run(name, counters, time, peer.Process);
        await system.Terminate();
        return result;
    }

    public static async Task<BenchResult> PingPong(string name, int clients, int inFlight, TimeSpan time)
    {
        await using var peer = await Peer.Start();
        var system = Peer.CreateSystem("client");
        var echo = await Find(system, peer, "echo");
        var counters = Enumerable.Range(0, clients).Select(_ => new Counter()).ToArray();
        foreach (var counter in counters)
            system.ActorOf(Props.Create(() => new Pinger(echo, inFlight, "hit", counter)));
        var result = await Counting.Run(name, counters, time, peer.Process);
        await system.Terminate();
        return result;
    }

    private static Task<IActorRef> Find(ActorSystem system, Peer peer, string name) =>
        system.ActorSelection($"{peer.Address}/user/{name}").ResolveOne(AskTimeout);
}

/// <summary>Within one process.</summary>
internal static class LocalBench
{
    public static async Task<BenchResult> PingPong(string name, int pairs, int inFlight, TimeSpan time)
    {
        var system = ActorSystem.Create("local");
        var counters = Enumerable.Range(0, pairs).Select(_ => new Counter()).ToArray();
        foreach (var counter in counters)
        {
            var echo = system.ActorOf(Props.Create(() => new Echo()));
            system.ActorOf(Props.Create(() => new Pinger(echo, inFlight, "hit", counter)));
        }
        var result = await Counting.Run(name, counters, time, null);
        await system.Terminate();
        return result;
    }

    public static async Task<BenchResult> Ask(string name, int inFlight, TimeSpan time)
    {
        var system = ActorSystem.Create("local");
        var echo = system.ActorOf(Props.Create(() => new Echo()));
        var result = await Asking.Run(name, echo, Item.Sample(), inFlight, time, TimeSpan.FromSeconds(10), null);
        await system.Terminate();
        return result;
    }
}
