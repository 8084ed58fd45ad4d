using System.Buffers.Binary;
using System.Numerics;

namespace Akka.Remote.Wire;

/// <summary>
/// What was last made of some bytes, in a table of fixed size where a newcomer takes the place of whom it collides with. A peer can
/// make it useless but not large. For one thread at a time.
/// </summary>
internal sealed class BytesCache<T>(int slots)
    where T : class
{
    private readonly Entry[] _entries = new Entry[(int)BitOperations.RoundUpToPowerOf2((uint)slots)];

    public T? Find(ReadOnlySpan<byte> key, out int slot)
    {
        slot = (int)(Hash(key) & (uint)(_entries.Length - 1));
        ref var entry = ref _entries[slot];
        return entry.Key is { } found && key.SequenceEqual(found) ? entry.Value : null;
    }

    public void Store(int slot, byte[] key, T value) => _entries[slot] = new Entry { Key = key, Value = value };

    private static uint Hash(ReadOnlySpan<byte> bytes)
    {
        const ulong prime = 0x9E3779B97F4A7C15;
        var hash = (ulong)bytes.Length * prime;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            hash = (BitOperations.RotateLeft(hash, 29) ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes)) * prime;
        foreach (var b in bytes)
            hash = (BitOperations.RotateLeft(hash, 29) ^ b) * prime;
        return (uint)(hash >> 32);
    }

    private struct Entry
    {
        public byte[]? Key;
        public T Value;
    }
}
