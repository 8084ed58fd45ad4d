using Akka.Configuration;
using Akka.Util;

namespace Akka.Actor;

/// <summary>Where an actor runs.</summary>
public abstract class Scope : IEquatable<Scope>
{
    public static readonly LocalScope Local = LocalScope.Instance;

    public abstract Scope WithFallback(Scope other);

    public abstract Scope Copy();

    public virtual bool Equals(Scope? other) => other is not null && other.GetType() == GetType();
}

/// <summary>Leaves open where an actor runs.</summary>
internal sealed class NoScopeGiven : Scope
{
    public override Scope WithFallback(Scope other) => other;

    public override Scope Copy() => this;
}

public class LocalScope : Scope, ISurrogated
{
    private LocalScope()
    {
    }

    public static LocalScope Instance { get; } = new();

    public override Scope WithFallback(Scope other) => Instance;

    public override Scope Copy() => Instance;

    public ISurrogate ToSurrogate(ActorSystem system) => new LocalSurrogate();

    private sealed class LocalSurrogate : ISurrogate
    {
        public ISurrogated FromSurrogate(ActorSystem system) => Instance;
    }
}

public class RemoteScope : Scope, IEquatable<RemoteScope>
{
    protected RemoteScope()
    {
    }

    public RemoteScope(Address address) => Address = address;

    public Address Address { get; set; } = null!;

    public override Scope WithFallback(Scope other) => this;

    public override Scope Copy() => new RemoteScope(Address);

    public bool Equals(RemoteScope? other) => other is not null && Equals(Address, other.Address);

    public override bool Equals(Scope? other) => Equals(other as RemoteScope);

    public override bool Equals(object? obj) => Equals(obj as RemoteScope);

    public override int GetHashCode() => Address?.GetHashCode() ?? 0;
}

/// <summary>How an actor is to be deployed: its dispatcher, its mailbox, its scope.</summary>
public class Deploy : IEquatable<Deploy>, ISurrogated
{
    public const int NoStashSize = -1;

    public static readonly string NoDispatcherGiven = string.Empty;
    public static readonly string NoMailboxGiven = string.Empty;
    public static readonly Scope NoScopeGiven = new NoScopeGiven();
    public static readonly Deploy Local = new(Scope.Local);
    public static readonly Deploy None = new(NoScopeGiven);

    public Deploy()
        : this("", NoScopeGiven)
    {
    }

    public Deploy(Scope scope)
        : this("", scope)
    {
    }

    public Deploy(string path, Scope scope)
        : this(path, Config.Empty, scope, NoDispatcherGiven, NoMailboxGiven, NoStashSize)
    {
    }

    internal Deploy(string path, Config config, Scope scope, string dispatcher, string mailbox, int stashCapacity)
    {
        Path = path;
        Config = config;
        Scope = scope ?? NoScopeGiven;
        Dispatcher = dispatcher ?? NoDispatcherGiven;
        Mailbox = mailbox ?? NoMailboxGiven;
        StashCapacity = stashCapacity;
    }

    public string Path { get; }

    public Config Config { get; }

    public Scope Scope { get; }

    public string Mailbox { get; }

    public string Dispatcher { get; }

    public int StashCapacity { get; }

    public virtual Deploy WithFallback(Deploy other) => new(
        Path,
        Config.WithFallback(other.Config),
        Scope.WithFallback(other.Scope),
        Dispatcher == NoDispatcherGiven ? other.Dispatcher : Dispatcher,
        Mailbox == NoMailboxGiven ? other.Mailbox : Mailbox,
        StashCapacity == NoStashSize ? other.StashCapacity : StashCapacity);

    public virtual Deploy WithScope(Scope scope) => new(Path, Config, scope, Dispatcher, Mailbox, StashCapacity);

    public virtual Deploy WithMailbox(string mailbox) => new(Path, Config, Scope, Dispatcher, mailbox, StashCapacity);

    public virtual Deploy WithDispatcher(string dispatcher) => new(Path, Config, Scope, dispatcher, Mailbox, StashCapacity);

    public virtual Deploy WithStashCapacity(int stashCapacity) => new(Path, Config, Scope, Dispatcher, Mailbox, stashCapacity);

    public bool Equals(Deploy? other) =>
        other is not null && Path == other.Path && Dispatcher == other.Dispatcher && Mailbox == other.Mailbox
        && StashCapacity == other.StashCapacity && Scope.Equals(other.Scope);

    public ISurrogate ToSurrogate(ActorSystem system) =>
        throw new NotSupportedException("A Deploy stays in its process: an actor is not deployed to another node");
}

/// <summary>The deployments that the configuration names, by path below /user.</summary>
public class Deployer
{
    protected readonly Config Default;

    private readonly Dictionary<string, Deploy> _deployments = [];

    public Deployer(Settings settings)
    {
        var config = settings.Config.GetConfig("akka.actor.deployment");
        Default = config.IsNullOrEmpty() ? Config.Empty : config.GetConfig("default");
        if (config.IsNullOrEmpty())
            return;
        foreach (var (key, value) in config.AsEnumerable())
        {
            if (key != "default")
                SetDeploy(ParseConfig(key, value.ToConfig()));
        }
    }

    public Deploy? Lookup(ActorPath path) =>
        _deployments.Count > 0 && path.Elements is ["user", ..] elements ? Lookup(elements.Skip(1)) : null;

    public Deploy? Lookup(IEnumerable<string> path)
    {
        lock (_deployments)
            return _deployments.Count == 0 ? null : _deployments.GetValueOrDefault("/" + string.Join('/', path));
    }

    public void SetDeploy(Deploy deploy)
    {
        lock (_deployments)
            _deployments[deploy.Path] = deploy;
    }

    public virtual Deploy ParseConfig(string key, Config config) => new(
        key,
        config,
        Deploy.NoScopeGiven,
        config.GetString("dispatcher", "") ?? "",
        config.GetString("mailbox", "") ?? "",
        config.GetInt("stash-capacity", Deploy.NoStashSize));
}
