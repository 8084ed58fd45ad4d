using System.Collections.Concurrent;

namespace Akka.Remote;

/// <summary>One failure detector for each watched resource, made at its first heartbeat.</summary>
public interface IFailureDetectorRegistry<T>
    where T : notnull
{
    bool IsAvailable(T resource);

    bool IsMonitoring(T resource);

    void Heartbeat(T resource);

    void Remove(T resource);

    void Reset();
}

public class DefaultFailureDetectorRegistry<T>(Func<FailureDetector> factory) : IFailureDetectorRegistry<T>
    where T : notnull
{
    private readonly ConcurrentDictionary<T, Lazy<FailureDetector>> _detectors = new();

    /// <summary>True for a resource that is not monitored.</summary>
    public bool IsAvailable(T resource) => !_detectors.TryGetValue(resource, out var detector) || detector.Value.IsAvailable;

    public bool IsMonitoring(T resource) => _detectors.TryGetValue(resource, out var detector) && detector.Value.IsMonitoring;

    public void Heartbeat(T resource) => _detectors.GetOrAdd(resource, Create).Value.HeartBeat();

    public void Remove(T resource) => _detectors.TryRemove(resource, out _);

    public void Reset() => _detectors.Clear();

    private Lazy<FailureDetector> Create(T resource) => new(() =>
    {
        var detector = factory();
        if (detector is PhiAccrualFailureDetector phi)
            phi.Address = resource.ToString() ?? phi.Address;
        return detector;
    });
}
