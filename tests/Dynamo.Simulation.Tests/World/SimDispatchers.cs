using System.Collections.Concurrent;
using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Akka.Configuration.Hocon;
using Akka.Dispatch;
using Akka.Remote;

namespace Dynamo.Simulation.Tests.World;

/// <summary>Puts every dispatcher of a configuration onto the world's one thread.</summary>
internal static class SimDispatchers
{
    private const string Simulated = "Dynamo.Simulation.Tests.World.SimDispatcherConfigurator, Dynamo.Simulation.Tests";

    // From Akka's own configuration, the fallback of every actor system's.
    private static readonly Lazy<string[]> Known = new(() => [.. PathsIn(ConfigurationFactory.Default()), .. PathsIn(ConfigurationFactory.FromResource("Akka.Remote.Configuration.Remote.conf", typeof(RemoteActorRefProvider).Assembly))]);
    private static readonly ConcurrentDictionary<string, string> Made = new();

    /// <summary>Lines that replace the type of each dispatcher in the configuration and in Akka's own.</summary>
    public static string Overrides(Config config)
    {
        var paths = Known.Value.Concat(PathsIn(config)).Distinct().ToArray();
        return Made.GetOrAdd(string.Join('\n', paths), _ => paths.Aggregate(new StringBuilder(), (text, path) => text.Append(path).Append(".type = \"").Append(Simulated).AppendLine("\"")).ToString());
    }

    /// <summary>Throws for a dispatcher that is not simulated: its threads would run outside the world.</summary>
    public static void DemandAllSimulated(ActorSystem system)
    {
        foreach (var (id, configurator) in Internals.Configurators(system.Dispatchers))
        {
            if (configurator is not SimDispatcherConfigurator)
                throw new InvalidOperationException($"the dispatcher {id} is not simulated: {configurator.GetType()}");
        }
    }

    // A section is a dispatcher if it names a dispatcher type or an executor.
    private static IEnumerable<string> PathsIn(Config config) => PathsIn(config.Root, "");

    private static IEnumerable<string> PathsIn(HoconValue value, string path)
    {
        if (!value.IsObject()) yield break;
        var items = value.GetObject().Items;
        if (path.Length > 0 && (items.ContainsKey("executor") || IsDispatcherType(items))) yield return path;
        foreach (var (key, child) in items)
        {
            var quoted = key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? key : $"\"{key}\"";
            foreach (var found in PathsIn(child, path.Length == 0 ? quoted : $"{path}.{quoted}")) yield return found;
        }
    }

    private static bool IsDispatcherType(Dictionary<string, HoconValue> items)
    {
        if (!items.TryGetValue("type", out var type) || !type.IsString()) return false;
        var name = type.GetString().Split(',')[0];
        return name.EndsWith("Dispatcher", StringComparison.Ordinal) || name.EndsWith("Configurator", StringComparison.Ordinal);
    }
}
