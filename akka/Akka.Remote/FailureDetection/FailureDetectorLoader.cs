using System.Reflection;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Remote;

/// <summary>Makes the failure detector that a setting names.</summary>
public static class FailureDetectorLoader
{
    /// <param name="fqcn">The type's name; it needs a constructor <c>(Config, EventStream)</c>.</param>
    /// <param name="config">The detector's own section.</param>
    /// <param name="system">Lends its event stream, and its scheduler's clock to the detectors of this assembly.</param>
    /// <exception cref="ConfigurationException">There is no such detector.</exception>
    public static FailureDetector Load(string fqcn, Config config, ActorSystem system)
    {
        var type = Type.GetType(fqcn);
        var scheduler = system.Scheduler;
        // A detector must live by the same clock as the heartbeats that feed it.
        Clock clock = () => (long)scheduler.MonotonicClock.TotalMilliseconds;
        if (type == typeof(PhiAccrualFailureDetector))
            return new PhiAccrualFailureDetector(config, system.EventStream, clock);
        if (type == typeof(DeadlineFailureDetector))
            return new DeadlineFailureDetector(config, clock);
        if (type is null || !typeof(FailureDetector).IsAssignableFrom(type))
            throw new ConfigurationException($"'{fqcn}' is no failure detector: no such type, or not a {nameof(FailureDetector)}");
        try
        {
            return (FailureDetector)Activator.CreateInstance(type, config, system.EventStream)!;
        }
        catch (Exception e) when (e is MissingMethodException or TargetInvocationException)
        {
            throw new ConfigurationException($"failure detector '{fqcn}' could not be created: {(e.InnerException ?? e).Message}", e);
        }
    }

    /// <inheritdoc cref="Load"/>
    public static FailureDetector LoadFailureDetector(this IActorContext context, string fqcn, Config config) => Load(fqcn, config, context.System);
}
