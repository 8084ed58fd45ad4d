using System.Buffers.Binary;
using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;
using Akka.Util;

namespace Akka.Remote.Serialization;

/// <summary>Strings as UTF-8, and 4- and 8-byte integers, little-endian.</summary>
public sealed class PrimitiveSerializers : SerializerWithStringManifest
{
    private const string ShortString = "S";
    private const string ShortInt = "I";
    private const string ShortLong = "L";

    private static readonly string LongString = typeof(string).TypeQualifiedName();
    private static readonly string LongInt = typeof(int).TypeQualifiedName();
    private static readonly string LongLong = typeof(long).TypeQualifiedName();

    private readonly bool _usesTypeNames;

    public PrimitiveSerializers(ExtendedActorSystem system, Config config)
        : base(system) =>
        _usesTypeNames = config is null || config.IsEmpty || config.GetBoolean("use-legacy-behavior", true);

    public override byte[] ToBinary(object obj)
    {
        switch (obj)
        {
            case string text:
                return Encoding.UTF8.GetBytes(text);
            case int number:
                var four = new byte[sizeof(int)];
                BinaryPrimitives.WriteInt32LittleEndian(four, number);
                return four;
            case long number:
                var eight = new byte[sizeof(long)];
                BinaryPrimitives.WriteInt64LittleEndian(eight, number);
                return eight;
            default:
                throw new ArgumentException($"Cannot serialize object of type [{obj.GetType()}]", nameof(obj));
        }
    }

    public override string Manifest(object obj) => obj switch
    {
        string => _usesTypeNames ? LongString : ShortString,
        int => _usesTypeNames ? LongInt : ShortInt,
        long => _usesTypeNames ? LongLong : ShortLong,
        _ => throw new ArgumentException($"Cannot serialize object of type [{obj.GetType()}]", nameof(obj)),
    };

    // The assembly that holds the primitives has another name on .NET Framework, so only the type's part is looked at.
    public override object FromBinary(byte[] bytes, string manifest) => manifest.Split(',')[0] switch
    {
        ShortString or "System.String" => Encoding.UTF8.GetString(bytes),
        ShortInt or "System.Int32" => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        ShortLong or "System.Int64" => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        _ => throw new SerializationException($"Unimplemented deserialization of message with manifest [{manifest}] in [{GetType()}]"),
    };
}
