using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Dispatch;
using Akka.Remote;
using Akka.Util;

namespace Dynamo.Simulation.Tests.World;

/// <summary>
/// Every non-public member of Akka.NET that the world uses, in one place: <see cref="WorldTests"/> fails when a new version moves one of them.
/// </summary>
internal static class Internals
{
    private const BindingFlags Hidden = BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static;
    private static readonly Assembly Remote = typeof(RemoteActorRefProvider).Assembly;

    private static readonly FieldInfo Registry = Field(Type("Akka.Remote.EndpointManager"), "_endpoints");
    private static readonly FieldInfo Writable = Field(Type("Akka.Remote.EndpointRegistry"), "_addressToWritable");
    private static readonly FieldInfo Refused = Field(Type("Akka.Remote.EndpointRegistry"), "_addressToRefuseUid");
    private static readonly Type Gated = Type("Akka.Remote.EndpointManager+Gated");
    private static readonly PropertyInfo TimeOfRelease = Gated.GetProperty("TimeOfRelease", Hidden) ?? throw new MissingMemberException(Gated.FullName, "TimeOfRelease");
    private static readonly ThreadLocal<Random> RandomOfThread = (ThreadLocal<Random>)Field(typeof(ThreadLocalRandom), "_rng").GetValue(null)!;

    // Before any detector is made. Outside a world they keep their original clock.
    static Internals()
    {
        var real = FailureDetector.DefaultClock;
        ClockOf(null) = () => SimWorld.Current is { } world ? (long)world.Now.TotalMilliseconds : real();
    }

    /// <summary>The random source of Akka.NET's uids, names and handshakes, one for each thread.</summary>
    public static Random AkkasRandom
    {
        get => RandomOfThread.Value!;
        set => RandomOfThread.Value = value;
    }

    public static ConcurrentDictionary<string, MessageDispatcherConfigurator> Configurators(Dispatchers dispatchers) => ConfiguratorsOf(dispatchers);

    public static ActorCell EndpointManager(ActorSystem system) =>
        (ActorCell)((ActorRefWithCell)((ActorSystemImpl)system).Provider.ResolveActorRef(new RootActorPath(Address.AllSystems.WithSystem(system.Name)) / "system" / "endpointManager")).Underlying;

    public static object RegistryOf(ActorCell endpointManager) => Registry.GetValue(ActorOf(endpointManager))!;

    /// <summary>The time at which each gated address may be tried again.</summary>
    public static IEnumerable<Deadline> Gates(object registry)
    {
        foreach (var policy in ((IDictionary)Writable.GetValue(registry)!).Values)
            if (policy.GetType() == Gated) yield return (Deadline)TimeOfRelease.GetValue(policy)!;
    }

    /// <summary>The time until which a past incarnation of each peer is refused.</summary>
    public static IEnumerable<Deadline> Quarantines(object registry) => ((Dictionary<Address, (int Uid, Deadline Until)>)Refused.GetValue(registry)!).Values.Select(r => r.Until);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "<When>k__BackingField")]
    public static extern ref DateTime When(Deadline deadline);

    /// <summary>The default clock of failure detectors: that of a connection, and that of Akka's ClusterClient.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.StaticField, Name = "DefaultClock")]
    private static extern ref Clock ClockOf(FailureDetector? none);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Actor")]
    private static extern ActorBase ActorOf(ActorCell cell);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_dispatcherConfigurators")]
    private static extern ref ConcurrentDictionary<string, MessageDispatcherConfigurator> ConfiguratorsOf(Dispatchers dispatchers);

    private static Type Type(string name) => Remote.GetType(name, throwOnError: true)!;

    private static FieldInfo Field(Type type, string name) => type.GetField(name, Hidden) ?? throw new MissingFieldException(type.FullName, name);
}
