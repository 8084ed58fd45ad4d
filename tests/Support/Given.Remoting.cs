using Akka.Configuration;
using Dynamo.Protocol;

namespace Dynamo.Tests.Support;

internal static partial class Given
{
    /// <summary>An actor system's configuration as a node's: remoting on a port that the system chooses, with the product's serializer.</summary>
    public static Config Remoting { get; } = ConfigurationFactory.ParseString("""
        akka {
          loglevel = WARNING
          stdout-loglevel = OFF
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
        }
        """).WithFallback(WireConfig.Fallback);
}
