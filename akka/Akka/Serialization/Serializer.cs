using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Util;

namespace Akka.Serialization;

/// <summary>Turns messages into bytes and back. Its identifier goes over the wire and is the same on all nodes.</summary>
public abstract class Serializer
{
    protected readonly ExtendedActorSystem system;

    private readonly Lazy<int> _identifier;

    protected Serializer(ExtendedActorSystem system)
    {
        this.system = system;
        _identifier = new Lazy<int>(() => SerializerIdentifierHelper.GetSerializerIdentifierFromConfig(GetType(), this.system));
    }

    /// <summary>0 to 40 are the runtime's own; by default that of <c>akka.actor.serialization-identifiers</c>.</summary>
    public virtual int Identifier => _identifier.Value;

    /// <summary>Whether <see cref="FromBinary(byte[], Type)"/> needs the type.</summary>
    public abstract bool IncludeManifest { get; }

    public abstract byte[] ToBinary(object obj);

    /// <summary>Serializes with references as they are known at an address.</summary>
    public byte[] ToBinaryWithAddress(Address address, object obj) => Serialization.WithTransport(system, address, () => ToBinary(obj));

    public abstract object FromBinary(byte[] bytes, Type type);

    public T FromBinary<T>(byte[] bytes) => (T)FromBinary(bytes, typeof(T));
}

/// <summary>A serializer that names what it has written in words of its own.</summary>
public abstract class SerializerWithStringManifest : Serializer
{
    protected SerializerWithStringManifest(ExtendedActorSystem system)
        : base(system)
    {
    }

    public sealed override bool IncludeManifest => true;

    public sealed override object FromBinary(byte[] bytes, Type type) => FromBinary(bytes, type.TypeQualifiedName());

    public abstract object FromBinary(byte[] bytes, string manifest);

    public abstract string Manifest(object o);
}

/// <summary>Byte arrays as they are.</summary>
public class ByteArraySerializer : Serializer
{
    public ByteArraySerializer(ExtendedActorSystem system)
        : base(system)
    {
    }

    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj) => obj switch
    {
        null => null!,
        byte[] bytes => bytes,
        _ => throw new NotSupportedException($"{GetType().Name} serializes byte arrays only, not {obj.GetType()}"),
    };

    public override object FromBinary(byte[] bytes, Type type) => bytes;
}

/// <summary>The null message.</summary>
public class NullSerializer : Serializer
{
    public NullSerializer(ExtendedActorSystem system)
        : base(system)
    {
    }

    public override int Identifier => 0;

    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj) => [];

    public override object FromBinary(byte[] bytes, Type type) => null!;
}

public static class SerializerIdentifierHelper
{
    internal const string SerializationIdentifiers = "akka.actor.serialization-identifiers";

    /// <exception cref="ArgumentException">The configuration gives the type no identifier.</exception>
    public static int GetSerializerIdentifierFromConfig(Type type, ExtendedActorSystem system)
    {
        var identifiers = system.Settings.Config.GetConfig(SerializationIdentifiers);
        if (identifiers is not null)
        {
            foreach (var (name, id) in identifiers.AsEnumerable())
            {
                if (name == type.TypeQualifiedName() || Type.GetType(name) == type)
                    return id.GetInt();
            }
        }

        throw new ArgumentException(
            $"Couldn't find serializer id for [{type.TypeQualifiedName()}] under [{SerializationIdentifiers}]: override Identifier or configure it there");
    }
}
