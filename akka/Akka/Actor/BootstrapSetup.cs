using Akka.Configuration;
using Akka.Util;

namespace Akka.Actor;

/// <summary>Which kind of provider a system has.</summary>
public abstract class ProviderSelection
{
    private protected ProviderSelection(string identifier, string fqn, bool hasCluster)
    {
        Identifier = identifier;
        Fqn = fqn;
        HasCluster = hasCluster;
    }

    internal string Identifier { get; }

    internal string Fqn { get; }

    internal bool HasCluster { get; }

    internal static ProviderSelection GetProvider(string name) => name switch
    {
        "local" => Local.Instance,
        "remote" => Remote.Instance,
        _ => new Custom(name),
    };

    public sealed class Local : ProviderSelection
    {
        public static readonly Local Instance = new();

        private Local()
            : base("local", "Akka.Actor.LocalActorRefProvider", false)
        {
        }
    }

    public sealed class Remote : ProviderSelection
    {
        public static readonly Remote Instance = new();

        private Remote()
            : base("remote", "Akka.Remote.RemoteActorRefProvider, Akka.Remote", false)
        {
        }
    }

    public sealed class Custom : ProviderSelection
    {
        public Custom(string fqn, string? identifier = null, bool hasCluster = false)
            : base(identifier ?? fqn, fqn, hasCluster)
        {
        }
    }
}

/// <summary>Configuration and provider of a system that is set up in code.</summary>
public sealed class BootstrapSetup : Setup.Setup
{
    private BootstrapSetup(Option<Config> config, Option<ProviderSelection> provider)
    {
        Config = config;
        ActorRefProvider = provider;
    }

    public Option<Config> Config { get; }

    public Option<ProviderSelection> ActorRefProvider { get; }

    public static BootstrapSetup Create() => new(Option<Config>.None, Option<ProviderSelection>.None);

    public BootstrapSetup WithActorRefProvider(ProviderSelection name) => new(Config, name);

    public BootstrapSetup WithConfig(Config config) => new(config, ActorRefProvider);

    public BootstrapSetup WithConfigFallback(Config config) => new(Config.HasValue ? Config.Value.SafeWithFallback(config) : config, ActorRefProvider);
}
