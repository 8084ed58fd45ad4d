using Akka.Actor;

namespace Dynamo.Simulation.Tests.World;

/// <summary>Faults between two processes. Within a connection nothing is lost, doubled or overtaken: that is what TCP is for.</summary>
/// <param name="Stalls">Share of frames, 0 to 1, that lose a packet and wait for it to be sent again, with all frames behind them.</param>
/// <param name="Breaks">Share of frames, 0 to 1, on whose way something resets their connection.</param>
public sealed record LinkFaults(TimeSpan MinDelay, TimeSpan MaxDelay, double Stalls = 0, double Breaks = 0)
{
    public static readonly LinkFaults None = new(TimeSpan.FromMicroseconds(50), TimeSpan.FromMicroseconds(200));
}

/// <summary>The network between the processes: delays and faults by the seed, and cuts that silently lose everything sent.</summary>
public sealed class SimNetwork(SimWorld world)
{
    private readonly Dictionary<string, SimProcess> _processes = [];
    private readonly Dictionary<Address, SimTransport> _listeners = [];
    // By reference: Akka.Remote treats handles between the same addresses as equal.
    private readonly HashSet<SimHandle> _handles = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<(string, string)> _cuts = [];

    public LinkFaults Faults { get; set; } = LinkFaults.None;

    public IEnumerable<SimProcess> Processes => _processes.Values;

    public SimProcess Add(string name)
    {
        var process = new SimProcess(world, name, 7100 + _processes.Count);
        _processes[name] = process;
        return process;
    }

    public SimProcess Process(string name) => _processes[name];

    public void Cut(string a, string b)
    {
        _cuts.Add((a, b));
        _cuts.Add((b, a));
    }

    public void Heal() => _cuts.Clear();

    internal bool IsCut(SimProcess a, SimProcess b) => _cuts.Count > 0 && _cuts.Contains((a.Name, b.Name));

    internal void Listen(SimTransport transport) => _listeners[transport.Address] = transport;

    internal SimTransport? ListenerAt(Address address) => _listeners.GetValueOrDefault(address);

    internal SimProcess MachineAt(Address address) => _processes[address.Host];

    internal void Opened(SimHandle handle) => _handles.Add(handle);

    internal void Closed(SimHandle handle) => _handles.Remove(handle);

    internal TimeSpan Delay()
    {
        var (min, max) = (Faults.MinDelay.Ticks, Faults.MaxDelay.Ticks);
        var chance = world.Random.NextDouble();
        return new TimeSpan(min + (long)((max - min) * chance * chance * chance));
    }

    internal void CloseDialled(SimProcess from, Address remote)
    {
        foreach (var handle in _handles.Where(h => h.Process == from && h.IsDialled && h.RemoteAddress.Host == remote.Host && h.RemoteAddress.Port == remote.Port).ToArray())
            handle.Abort();
    }

    internal void CloseInbound(SimProcess to, Address remote)
    {
        foreach (var handle in _handles.Where(h => h.Process == to && !h.IsDialled && h.RemoteAddress.Equals(remote)).ToArray()) handle.Abort();
    }

    /// <summary>A process died: its port is free, and its machine closes its connections.</summary>
    internal void Drop(SimProcess process)
    {
        foreach (var (address, _) in _listeners.Where(l => l.Value.Process == process).ToArray()) _listeners.Remove(address);
        foreach (var handle in _handles.Where(h => h.Process == process).ToArray()) handle.Close();
    }
}
