using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;
using Akka.Util;

namespace Akka.Serialization;

/// <summary>The system and the address that references are being serialized for.</summary>
public sealed class Information : IEquatable<Information>
{
    public Information(Address address, ActorSystem system)
    {
        Address = address;
        System = system;
    }

    public Address Address { get; }

    public ActorSystem System { get; }

    public bool Equals(Information? other) => other is not null && Equals(Address, other.Address) && ReferenceEquals(System, other.System);

    public override bool Equals(object? obj) => Equals(obj as Information);

    public override int GetHashCode() => HashCode.Combine(Address, System);
}

/// <summary>A serializer and the types it is for, given in code.</summary>
public sealed class SerializerDetails
{
    private SerializerDetails(string alias, Serializer serializer, ImmutableHashSet<Type> useFor)
    {
        Alias = alias;
        Serializer = serializer;
        UseFor = useFor;
    }

    public string Alias { get; }

    public Serializer Serializer { get; }

    public ImmutableHashSet<Type> UseFor { get; }

    public static SerializerDetails Create(string alias, Serializer serializer, ImmutableHashSet<Type> useFor) => new(alias, serializer, useFor);
}

/// <summary>Serializers given in code; they go before those of the configuration.</summary>
public sealed class SerializationSetup : Setup
{
    private SerializationSetup(Func<ExtendedActorSystem, ImmutableHashSet<SerializerDetails>> createSerializers) => CreateSerializers = createSerializers;

    public Func<ExtendedActorSystem, ImmutableHashSet<SerializerDetails>> CreateSerializers { get; }

    public static SerializationSetup Create(Func<ExtendedActorSystem, ImmutableHashSet<SerializerDetails>> createSerializers) => new(createSerializers);
}

/// <summary>A system's serializers, found by the type of a message or by the identifier on the wire.</summary>
public class Serialization
{
    [ThreadStatic]
    private static Information? _currentTransport;

    private readonly ConcurrentDictionary<Type, Serializer> _byType = new();
    private readonly ConcurrentDictionary<string, Serializer> _byName = new();
    private readonly ConcurrentDictionary<int, Serializer> _byId = new();
    private readonly ConcurrentDictionary<string, Type?> _manifestTypes = new();
    private readonly List<(Type Type, Serializer Serializer)> _bindings = [];
    private readonly Serializer _nullSerializer;

    public Serialization(ExtendedActorSystem system)
    {
        System = system;
        _nullSerializer = new NullSerializer(system);
        AddSerializer("null", _nullSerializer);
        ReadConfig(system.Settings.Config);
        var setup = system.Settings.Setup.Get<SerializationSetup>();
        foreach (var details in setup.HasValue ? setup.Value.CreateSerializers(system) : [])
        {
            AddSerializer(details.Alias, details.Serializer);
            foreach (var type in details.UseFor)
                AddSerializationMap(type, details.Serializer);
        }
    }

    public ExtendedActorSystem System { get; }

    public static T WithTransport<T>(ActorSystem system, Address address, Func<T> action) =>
        RunWith(new Information(address, system), action);

    public static T WithTransport<T>(ExtendedActorSystem system, Func<T> action) =>
        RunWith(system.Provider.SerializationInformation, action);

    public static TResult WithTransport<TState, TResult>(ExtendedActorSystem system, TState state, Func<TState, TResult> action)
    {
        var previous = EnterTransport(system.Provider.SerializationInformation);
        try
        {
            return action(state);
        }
        finally
        {
            _currentTransport = previous;
        }
    }

    /// <exception cref="InvalidOperationException">Nothing is being serialized by this thread.</exception>
    public static Information GetCurrentTransportInformation() => _currentTransport ?? throw new InvalidOperationException(
        "CurrentTransportInformation is not set. Use Serialization.WithTransport<T>.");

    /// <summary>A reference as text that another node can resolve, if this thread is serializing for one.</summary>
    public static string SerializedActorPath(IActorRef actorRef)
    {
        if (ReferenceEquals(actorRef, ActorRefs.NoSender))
            return string.Empty;
        var path = actorRef.Path;
        var system = (actorRef as ActorRefWithCell)?.Underlying.System as ExtendedActorSystem;
        if (_currentTransport is not { } transport)
            return system is null ? path.ToSerializationFormat() : path.ToSerializationFormatWithAddress(system.Provider.DefaultAddress);
        if (system is null || ReferenceEquals(system, transport.System))
            return path.ToSerializationFormatWithAddress(transport.Address);
        var external = system.Provider.GetExternalAddressFor(transport.Address);
        return path.ToSerializationFormatWithAddress(external ?? system.Provider.DefaultAddress);
    }

    public static string ManifestFor(Serializer s, object msg) => s switch
    {
        SerializerWithStringManifest named => named.Manifest(msg),
        { IncludeManifest: true } => msg.GetType().TypeQualifiedName(),
        _ => string.Empty,
    };

    public void AddSerializer(Serializer serializer) => _byId[serializer.Identifier] = serializer;

    public void AddSerializer(string name, Serializer serializer)
    {
        _byId[serializer.Identifier] = serializer;
        _byName[name] = serializer;
    }

    /// <summary>Binds a type, and those derived from it that have no binding closer to them.</summary>
    public void AddSerializationMap(Type type, Serializer serializer)
    {
        lock (_bindings)
        {
            _bindings.RemoveAll(binding => binding.Type == type);
            // The first that fits counts, so a type stands before those it derives from.
            var general = _bindings.FindIndex(binding => binding.Type.IsAssignableFrom(type));
            _bindings.Insert(general < 0 ? _bindings.Count : general, (type, serializer));
        }

        _byType.Clear();
    }

    /// <exception cref="SerializationException">No serializer is bound to the type of the object.</exception>
    public byte[] Serialize(object o) => WithTransport(System, (This: this, Message: o), static state =>
        state.This.FindSerializerFor(state.Message).ToBinary(state.Message));

    /// <exception cref="SerializationException">No serializer has the identifier, or the type cannot be found.</exception>
    public object Deserialize(byte[] bytes, int serializerId, Type type) => WithTransport(
        System, (Serializer: ById(serializerId), Bytes: bytes, Type: type), static state => state.Serializer.FromBinary(state.Bytes, state.Type));

    public object Deserialize(byte[] bytes, int serializerId, string manifest)
    {
        var serializer = ById(serializerId);
        if (serializer is SerializerWithStringManifest named)
        {
            return WithTransport(
                System, (Serializer: named, Bytes: bytes, Manifest: manifest), static state => state.Serializer.FromBinary(state.Bytes, state.Manifest));
        }

        if (string.IsNullOrEmpty(manifest))
            return Deserialize(bytes, serializerId, (Type)null!);
        var type = _manifestTypes.GetOrAdd(manifest, static name => Type.GetType(name, throwOnError: false))
            ?? throw new SerializationException($"Cannot find manifest class [{manifest}] for serializer with id [{serializerId}].");
        return Deserialize(bytes, serializerId, type);
    }

    public Serializer FindSerializerFor(object obj, string? defaultSerializerName = null) =>
        obj is null ? _nullSerializer : FindSerializerForType(obj.GetType(), defaultSerializerName);

    /// <exception cref="SerializationException">Neither the type nor a base of it is bound.</exception>
    public Serializer FindSerializerForType(Type objectType, string? defaultSerializerName = null)
    {
        if (_byType.TryGetValue(objectType, out var known))
            return known;
        var serializer = FindBinding(objectType)
            ?? (defaultSerializerName is not null && _byName.TryGetValue(defaultSerializerName, out var named) ? named : null)
            ?? throw new SerializationException(
                $"No serializer is bound to messages of type [{objectType}]: bind one in akka.actor.serialization-bindings");
        if (defaultSerializerName is null)
            _byType[objectType] = serializer;
        return serializer;
    }

    public IActorRef DeserializeActorRef(string path) => System.Provider.ResolveActorRef(path);

    internal static Information? EnterTransport(Information information)
    {
        var previous = _currentTransport;
        _currentTransport = information;
        return previous;
    }

    internal static void LeaveTransport(Information? previous) => _currentTransport = previous;

    /// <exception cref="SerializationException">No serializer has the identifier.</exception>
    internal Serializer ById(int serializerId) => _byId.TryGetValue(serializerId, out var serializer)
        ? serializer
        : throw new SerializationException(
            $"Cannot find serializer with id [{serializerId}]. The most probable reason is that the configuration entry akka.actor.serializers is not in sync between the two systems.");

    private static T RunWith<T>(Information information, Func<T> action)
    {
        var previous = EnterTransport(information);
        try
        {
            return action();
        }
        finally
        {
            _currentTransport = previous;
        }
    }

    private Serializer? FindBinding(Type type)
    {
        lock (_bindings)
            return _bindings.Find(binding => binding.Type.IsAssignableFrom(type)).Serializer;
    }

    private void ReadConfig(Config config)
    {
        foreach (var (name, value) in Entries(config, "akka.actor.serializers"))
        {
            var typeName = value.GetString();
            var type = Type.GetType(typeName);
            if (type is null)
                LoggingExtensions.Warning(System.Log, "The type name for serializer '{0}' did not resolve to an actual Type: '{1}'", name, typeName);
            else
                AddSerializer(name, Create(type, config.GetConfig("akka.actor.serialization-settings")?.GetConfig(name)));
        }

        foreach (var (typeName, value) in Entries(config, "akka.actor.serialization-bindings"))
        {
            var serializerName = value.GetString();
            if (string.IsNullOrEmpty(serializerName) || serializerName == "none")
                continue;
            var type = Type.GetType(typeName);
            if (type is null)
                LoggingExtensions.Warning(System.Log, "The type name for message/serializer binding '{0}' did not resolve to an actual Type: '{1}'", serializerName, typeName);
            else if (_byName.TryGetValue(serializerName, out var serializer))
                AddSerializationMap(type, serializer);
            else
                LoggingExtensions.Warning(System.Log, "Serialization binding to non existing serializer: '{0}'", serializerName);
        }
    }

    private static IEnumerable<KeyValuePair<string, Configuration.Hocon.HoconValue>> Entries(Config config, string path) =>
        config.GetConfig(path)?.AsEnumerable() ?? [];

    private Serializer Create(Type type, Config? settings)
    {
        var withSettings = type.GetConstructor([typeof(ExtendedActorSystem), typeof(Config)]);
        return (Serializer)(withSettings is not null
            ? withSettings.Invoke([System, settings ?? Config.Empty])
            : Activator.CreateInstance(type, System)!);
    }
}
