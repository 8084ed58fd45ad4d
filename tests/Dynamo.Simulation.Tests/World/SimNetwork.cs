using Akka.Actor;

namespace Dynamo.Simulation.Tests.World;

/// <summary>What may go wrong with frames between two processes.</summary>
/// <param name="Loss">Of 1: how many frames vanish.</param>
/// <param name="Duplication">Of 1: how many come twice.</param>
/// <param name="Reorder">Of 1: how many are held back so that later ones overtake them.</param>
public sealed record LinkFaults(TimeSpan LeastDelay, TimeSpan MostDelay, double Loss = 0, double Duplication = 0, double Reorder = 0)
{
    public static readonly LinkFaults None = new(TimeSpan.FromMicroseconds(50), TimeSpan.FromMicroseconds(200));
}

/// <summary>The network between the processes: delays and drops by the seed, and cuts.</summary>
public sealed class SimNetwork(SimWorld world)
{
    private readonly Dictionary<string, SimProcess> _processes = [];
    private readonly Dictionary<Address, SimTransport> _listeners = [];
    private readonly List<SimHandle> _handles = [];
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

    internal bool IsCut(SimProcess a, SimProcess b) => _cuts.Contains((a.Name, b.Name));

    internal void Listen(SimTransport transport) => _listeners[transport.Address] = transport;

    internal SimTransport? ListenerAt(Address address) => _listeners.GetValueOrDefault(address);

    internal void Opened(SimHandle handle) => _handles.Add(handle);

    internal void Closed(SimHandle handle) => _handles.Remove(handle);

    internal TimeSpan Delay()
    {
        var (least, most) = (Faults.LeastDelay.Ticks, Faults.MostDelay.Ticks);
        return new TimeSpan(least + (long)((most - least) * Math.Pow(world.Random.NextDouble(), 3)));
    }

    /// <summary>A process died: its port is free, and its peers' connections break.</summary>
    internal void Drop(SimProcess process)
    {
        foreach (var (address, _) in _listeners.Where(l => l.Value.Process == process).ToArray()) _listeners.Remove(address);
        foreach (var handle in _handles.Where(h => h.Process == process).ToArray()) handle.Break();
    }
}
