using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;

namespace Akka.Bench;

/// <summary>A key of 16 bytes and a value of 100: what the remote benchmarks send.</summary>
internal sealed record Item(byte[] Key, byte[] Value)
{
    public const int KeyBytes = 16;
    public const int ValueBytes = 100;

    public static Item Sample() => new([.. Enumerable.Range(0, KeyBytes).Select(i => (byte)i)], [.. Enumerable.Range(0, ValueBytes).Select(i => (byte)i)]);
}

/// <summary>Tells a sender that so many of its items came in.</summary>
internal sealed record Received(int Count);

internal sealed class BenchSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string ItemManifest = "i";
    private const string ReceivedManifest = "r";

    public override int Identifier => 4711;

    public override string Manifest(object obj) => obj is Item ? ItemManifest : ReceivedManifest;

    public override byte[] ToBinary(object obj)
    {
        if (obj is Received received)
            return BitConverter.GetBytes(received.Count);
        var item = (Item)obj;
        var bytes = new byte[Item.KeyBytes + item.Value.Length];
        item.Key.CopyTo(bytes, 0);
        item.Value.CopyTo(bytes, Item.KeyBytes);
        return bytes;
    }

    public override object FromBinary(byte[] bytes, string manifest) => manifest switch
    {
        ItemManifest => new Item(bytes[..Item.KeyBytes], bytes[Item.KeyBytes..]),
        ReceivedManifest => new Received(BitConverter.ToInt32(bytes)),
        _ => throw new SerializationException($"unknown manifest {manifest}"),
    };
}
