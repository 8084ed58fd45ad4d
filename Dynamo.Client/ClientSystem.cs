using Akka.Actor;
using Akka.Configuration;
using Dynamo.Protocol;

namespace Dynamo.Client;

/// <summary>A client's own actor system.</summary>
internal static class ClientSystem
{
    private const string NamePrefix = "dynamo-client-";
    private const int MaxHostname = 253;

    /// <exception cref="ArgumentException">The hostname is none.</exception>
    public static ActorSystem Create(DynamoClientOptions options) => ActorSystem.Create(NewName(), ConfigOf(options));

    // Akka.Remote knows a peer by its system's name, host and port together. Host and port are of no use: behind NAT and in containers two clients may have
    // the same, and a node would take the younger for a restart of the older. So the name is unique, and no node ever dials a client.
    private static string NewName() => $"{NamePrefix}{(ulong)Random.Shared.NextInt64():x16}";

    private static Config ConfigOf(DynamoClientOptions options) => options.AkkaConfig
        .WithFallback(ConfigurationFactory.ParseString($$"""
            akka {
              loglevel = OFF
              stdout-loglevel = OFF
              log-dead-letters = off
              log-dead-letters-during-shutdown = off
              # A process that ends with an open client does not wait for it: nobody is left to receive the answers.
              coordinated-shutdown.run-by-clr-shutdown-hook = off
              # For so long nothing is sent to a node after its connection was lost: a client that was suspended has lost all of them, and its user waits.
              remote.retry-gate-closed-for = 100ms
              # Nodes answer over the connections that the client makes, so nobody needs to reach the port that Akka.Remote listens on.
              remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0, public-hostname = "{{Checked(options.Hostname)}}" }
            }
            """))
        .WithFallback(WireConfig.Fallback);

    private static string Checked(string hostname) =>
        hostname.Length <= MaxHostname && Uri.CheckHostName(hostname) != UriHostNameType.Unknown
            ? hostname
            : throw new ArgumentException($"the hostname '{hostname}' is no host name or IP address", nameof(DynamoClientOptions.Hostname));
}
