using System.Globalization;
using Akka.Actor;
using Akka.Configuration;

namespace Dynamo.Remoting.Tests.Support;

/// <summary>Actor systems on the loopback, at ports that the operating system chooses.</summary>
internal static class Given
{
    /// <summary>The limit for anything that must happen: long, because a busy machine is no fault.</summary>
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    private static int _systems;

    public static Config Ours(string tcp = "") => Remoting($"transport-class = \"Dynamo.Remoting.SocketTransport, Dynamo.Remoting\"\n{tcp}");

    public static Config Stock(string tcp = "") => Remoting(tcp);

    /// <summary>Each system has a name of its own, which tells its figures apart in the meter.</summary>
    public static ActorSystem System(Config config) =>
        System("node" + Interlocked.Increment(ref _systems).ToString(CultureInfo.InvariantCulture), config);

    public static ActorSystem System(string name, Config config) => ActorSystem.Create(name, config);

    public static Address AddressOf(ActorSystem system) => ((ExtendedActorSystem)system).Provider.DefaultAddress;

    private static Config Remoting(string tcp) => ConfigurationFactory.ParseString($$"""
        akka {
          loglevel = DEBUG
          loggers = []
          stdout-loglevel = OFF
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          actor.provider = remote
          actor.serialize-messages = off
          remote.dot-netty.tcp {
            hostname = "127.0.0.1"
            port = 0
            {{tcp}}
          }
        }
        """);
}
