using Akka.Configuration;
using Dynamo.Protocol;

namespace Dynamo.Client;

/// <summary>The Akka.NET configuration of a client's own actor system.</summary>
internal static class ClientConfig
{
    public static Config Of(DynamoClientOptions options) => options.AkkaConfig
        .WithFallback(ConfigurationFactory.ParseString($$"""
            akka {
              loglevel = OFF
              stdout-loglevel = OFF
              log-dead-letters = off
              log-dead-letters-during-shutdown = off
              # A process that ends with an open client does not wait for it: nobody is left to receive the answers.
              coordinated-shutdown.run-by-clr-shutdown-hook = off
              remote.dot-netty.tcp { hostname = "{{options.Hostname}}", port = 0 }
            }
            """))
        .WithFallback(WireConfig.Fallback);
}
