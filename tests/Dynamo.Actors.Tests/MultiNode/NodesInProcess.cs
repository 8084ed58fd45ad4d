using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Dynamo.Actors.Node;
using Dynamo.Actors.Settings;
using Dynamo.Client;
using Dynamo.Client.Admin;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;
using Dynamo.Protocol;
using Dynamo.Storage.Memory;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.MultiNode;

/// <summary>Several nodes in one process, each an actor system of its own, over real remoting on ports that the operating system chose.</summary>
public sealed class NodesInProcess : IAsyncDisposable
{
    private readonly Dictionary<NodeId, ActorSystem> _systems = [];
    private readonly Dictionary<NodeId, IStorageEngine> _engines = [];
    private readonly Dictionary<NodeId, NodeAddress> _addresses;
    private readonly Func<NodeId, IStorageEngine, IStorageEngine> _disk;
    private readonly string _hocon;
    private readonly List<ActorSystem> _seconds = [];
    private ulong _stores;

    /// <param name="disk">Wraps a node's store.</param>
    /// <param name="hocon">Overrides each node's configuration.</param>
    public NodesInProcess(int count, Func<NodeId, IStorageEngine, IStorageEngine>? disk = null, string hocon = "")
    {
        (_disk, _hocon) = (disk ?? ((_, engine) => engine), hocon);
        var ports = FreePorts(count);
        _addresses = Enumerable.Range(0, count).ToDictionary(i => new NodeId($"n{i + 1}"), i => new NodeAddress("127.0.0.1", ports[i]));
        foreach (var node in _addresses.Keys) Start(node);
    }

    public IReadOnlyCollection<NodeId> Names => _addresses.Keys;

    public HashRing Ring => HashRing.Founding(_addresses.Keys, 64, 3);

    public NodeAddress AddressOf(NodeId node) => _addresses[node];

    public static NodeAddress AddressOf(ActorSystem system)
    {
        var address = ((ExtendedActorSystem)system).Provider.DefaultAddress;
        return new NodeAddress(address.Host, address.Port!.Value);
    }

    /// <summary>The node ended because it is no member any more, or a second one with its name.</summary>
    public bool IsGone(NodeId node) => CoordinatedShutdown.Get(_systems[node]).ShutdownReason is NodeGone;

    public IStorageEngine EngineOf(NodeId node) => _engines[node];

    /// <param name="withData">Starts on the data it had; otherwise empty, as with a new disk.</param>
    public void Start(NodeId node, bool withData = true)
    {
        if (!withData || !_engines.ContainsKey(node)) _engines[node] = _disk(node, new MemoryEngine(new StoreId(++_stores)));
        _systems[node] = Start(node, _engines[node], _addresses[node].Port);
    }

    /// <summary>Starts a stopped node at another address.</summary>
    /// <inheritdoc cref="Start(NodeId, bool)"/>
    public void StartElsewhere(NodeId node, bool withData)
    {
        _addresses[node] = new NodeAddress("127.0.0.1", FreePorts(1)[0]);
        Start(node, withData);
    }

    /// <summary>Starts one more node, with a name that a running one has.</summary>
    public ActorSystem StartSecond(NodeId name, IStorageEngine engine, string hocon = "")
    {
        // If nothing else decides between two nodes with one name, the greater address does: the second one's, in most cases.
        var port = FreePorts(20).MaxBy(p => p.ToString(CultureInfo.InvariantCulture), StringComparer.Ordinal);
        var system = Start(name, engine, port, hocon);
        _seconds.Add(system);
        return system;
    }

    private ActorSystem Start(NodeId node, IStorageEngine engine, int port, string hocon = "")
    {
        var given = ConfigurationFactory.ParseString($$"""
            dynamo {
              node.name = "{{node}}"
              ring.partitions = 64
              cluster {
                founders = [{{string.Join(", ", _addresses.Keys.Select(n => $"\"{n}\""))}}]
                seeds = [{{string.Join(", ", _addresses.Values.Select(a => $"\"{a}\""))}}]
              }
              gossip { interval = 200ms, heartbeat-interval = 200ms }
              anti-entropy.interval = 200ms
            }
            akka {
              loglevel = OFF
              stdout-loglevel = OFF
              remote.dot-netty.tcp { hostname = "127.0.0.1", port = {{port}} }
            }
            {{_hocon}}
            {{hocon}}
            """);
        var system = ActorSystem.Create(NodePaths.SystemName, given.WithFallback(DynamoSettings.Reference).WithFallback(WireConfig.Fallback));
        DynamoNode.Start(system, DynamoSettings.From(given), engine);
        return system;
    }

    /// <summary>Sends the listener everything that the nodes log as a warning from now on; see <c>akka.loglevel</c>.</summary>
    public void ListenTo(IActorRef listener)
    {
        foreach (var system in _systems.Values) system.EventStream.Subscribe(listener, typeof(Warning));
    }

    public async Task StopAsync(NodeId node)
    {
        if (_systems.Remove(node, out var system)) await system.Terminate().WaitAsync(Given.Long);
    }

    /// <summary>True once every running node knows all of them and believes them up.</summary>
    public async Task<bool> IsAgreedAsync(DynamoAdmin admin)
    {
        foreach (var node in _systems.Keys)
        {
            var status = await admin.StatusAsync(_addresses[node], TimeSpan.FromSeconds(5));
            if (status.Members != _addresses.Count || status.Unreachable.Count > 0) return false;
        }
        return true;
    }

    public Task<DynamoClient> ConnectAsync() => DynamoClient.ConnectAsync(
        new DynamoClientOptions { Contacts = [.. _addresses.Values], Timeout = TimeSpan.FromSeconds(20), AttemptTimeout = TimeSpan.FromSeconds(2) });

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _systems.Keys.ToArray()) await StopAsync(node);
        foreach (var system in _seconds) await system.Terminate().WaitAsync(Given.Long);
    }

    // All ports stay open until all are known, so that no two nodes get the same one.
    private static int[] FreePorts(int count)
    {
        var probes = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var probe in probes) probe.Start();
        var ports = probes.Select(p => ((IPEndPoint)p.LocalEndpoint).Port).ToArray();
        foreach (var probe in probes) probe.Stop();
        return ports;
    }
}
