using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Remote;

namespace Akka.Tests.Remote;

/// <summary>Systems that come and go while all of them talk to each other.</summary>
public class ChurnTests : RemoteSystems
{
    private const int Count = 4;
    private const int Rounds = 6;

    private readonly ConcurrentQueue<string> _faults = new();
    private readonly ConcurrentDictionary<(string From, string To), long> _received = new();

    [Fact]
    public async Task Order_holds_nothing_comes_twice_and_all_find_each_other_again()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var systems = new ActorSystem[Count];
        var ports = new int[Count];
        for (var i = 0; i < Count; i++)
        {
            systems[i] = Start($"S{i}", Config);
            ports[i] = AddressOf(systems[i]).Port!.Value;
        }
        for (var i = 0; i < Count; i++)
            Talk(systems[i], ports, i);

        for (var round = 0; round < Rounds; round++)
        {
            await EveryoneIsHeard(systems, seed);
            var victim = random.Next(Count);
            await systems[victim].Terminate().WaitAsync(Deadline);
            systems[victim] = Start($"S{victim}", Config, ports[victim]);
            Talk(systems[victim], ports, victim);
        }
        await EveryoneIsHeard(systems, seed);

        Assert.True(_faults.IsEmpty, $"seed {seed}: {string.Join("; ", _faults.Take(5))}");
    }

    private const string Config = "akka.remote.retry-gate-closed-for = 100 ms";

    private void Talk(ActorSystem system, int[] ports, int index)
    {
        var incarnation = $"{index}.{AddressUidExtension.Uid(system)}";
        system.ActorOf(Props.Create(() => new Listener(incarnation, _received, _faults)), "listener");
        for (var to = 0; to < ports.Length; to++)
        {
            if (to == index)
                continue;
            var peer = system.ActorSelection($"akka.tcp://S{to}@127.0.0.1:{ports[to]}/user/listener");
            system.ActorOf(Props.Create(() => new Talker(incarnation, peer)));
        }
    }

    private Task EveryoneIsHeard(ActorSystem[] systems, int seed)
    {
        var names = systems.Select((system, i) => $"{i}.{AddressUidExtension.Uid(system)}").ToArray();
        _received.Clear();
        return Eventually(
            () => names.All(from => names.All(to => from == to || _received.ContainsKey((from, to)))),
            $"seed {seed}: a message from each to each");
    }

    /// <summary>Tells numbers in bursts.</summary>
    private sealed class Talker(string incarnation, ActorSelection peer) : UntypedActor, IWithTimers
    {
        private long _next;

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart() => Timers.StartPeriodicTimer("burst", "burst", TimeSpan.FromMilliseconds(5));

        protected override void OnReceive(object message)
        {
            for (var i = 0; i < 20; i++)
                peer.Tell($"{incarnation}:{_next++}");
        }
    }

    private sealed class Listener(string incarnation, ConcurrentDictionary<(string, string), long> received, ConcurrentQueue<string> faults) : UntypedActor
    {
        private readonly Dictionary<string, long> _last = [];

        protected override void OnReceive(object message)
        {
            var parts = ((string)message).Split(':');
            var number = long.Parse(parts[1]);
            if (_last.TryGetValue(parts[0], out var last) && number <= last)
                faults.Enqueue($"{incarnation} got {number} of {parts[0]} after {last}");
            _last[parts[0]] = number;
            received[(parts[0], incarnation)] = number;
        }
    }
}
