using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Dynamo.Bench.Load;

namespace Dynamo.Bench.DData;

/// <summary>A client over Akka.Remote, outside the cluster: tells a node's gate, and one actor receives all answers. Cheaper than an Ask each.</summary>
internal sealed class DDataTarget : ITarget
{
    private readonly ActorSystem _system;
    private readonly IActorRef[] _gates;
    private readonly IActorRef _receiver;
    private readonly ConcurrentDictionary<int, TaskCompletionSource> _pending = new();
    private int _last;

    private DDataTarget(ActorSystem system, IActorRef[] gates)
    {
        (_system, _gates) = (system, gates);
        _receiver = system.ActorOf(Props.Create(() => new Receiver(_pending)));
    }

    /// <param name="nodes">The nodes' addresses.</param>
    public static async Task<ITarget> ConnectAsync(string[] nodes)
    {
        var system = ActorSystem.Create("client", ConfigurationFactory.ParseString("akka.actor.provider = remote").WithFallback(DDataNode.Common));
        return new DDataTarget(system, await Task.WhenAll(nodes.Select(node => system.ActorSelection($"{node}/user/{Gate.Name}").ResolveOne(TimeSpan.FromSeconds(10)))));
    }

    public Task PutAsync(int key, byte[] value) => Request(GateWire.Put, key, value);

    public Task GetAsync(int key) => Request(GateWire.Get, key, []);

    public async ValueTask DisposeAsync() => await _system.Terminate();

    private Task Request(byte kind, int key, byte[] value)
    {
        var id = Interlocked.Increment(ref _last);
        var answer = _pending[id] = new TaskCompletionSource();
        _gates[key % _gates.Length].Tell(GateWire.Write(kind, id, key, value), _receiver);
        return answer.Task;
    }

    // Continuations run in this actor's turn, as a worker's next step is short.
    private sealed class Receiver(ConcurrentDictionary<int, TaskCompletionSource> pending) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is not byte[] reply || !pending.TryRemove(GateWire.IdOf(reply), out var answer)) return;
            if (reply[0] == GateWire.Done) answer.SetResult();
            else answer.SetException(new BenchException("the replicator found no value, or no majority answered"));
        }
    }
}
