using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Dynamo.Core.Ring;

/// <summary>
/// The first 8 bytes, big-endian, of MD5 (RFC 1321). The platform's MD5 spends four fifths of its time on setup for a key's few bytes, and every node that
/// handles a request hashes its key.
/// </summary>
internal static class KeyHash
{
    private const int BlockBytes = 64;
    private const int LengthBytes = 8;

    private static ReadOnlySpan<byte> Rotations => [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];

    // floor(2^32 × |sin(i + 1)|), as the RFC defines them.
    private static readonly uint[] Sines = [.. Enumerable.Range(1, 64).Select(i => (uint)(long)(4294967296.0 * Math.Abs(Math.Sin(i))))];

    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var state = (A: 0x67452301u, B: 0xefcdab89u, C: 0x98badcfeu, D: 0x10325476u);
        var rest = bytes;
        for (; rest.Length >= BlockBytes; rest = rest[BlockBytes..]) state = Mix(state, rest[..BlockBytes]);

        // The rest, a one bit, zeros, and the length in bits: one block, or two.
        Span<byte> tail = stackalloc byte[2 * BlockBytes];
        tail.Clear();
        rest.CopyTo(tail);
        tail[rest.Length] = 0x80;
        tail = tail[..(rest.Length < BlockBytes - LengthBytes ? BlockBytes : 2 * BlockBytes)];
        BinaryPrimitives.WriteUInt64LittleEndian(tail[^LengthBytes..], (ulong)bytes.Length * 8);
        for (; tail.Length > 0; tail = tail[BlockBytes..]) state = Mix(state, tail[..BlockBytes]);
        return ((ulong)BinaryPrimitives.ReverseEndianness(state.A) << 32) | BinaryPrimitives.ReverseEndianness(state.B);
    }

    private static (uint A, uint B, uint C, uint D) Mix((uint A, uint B, uint C, uint D) before, ReadOnlySpan<byte> block)
    {
        Span<uint> words = stackalloc uint[BlockBytes / sizeof(uint)];
        MemoryMarshal.Cast<byte, uint>(block).CopyTo(words);
        if (!BitConverter.IsLittleEndian) BinaryPrimitives.ReverseEndianness(words, words);
        var (a, b, c, d) = before;
        for (var i = 0; i < 16; i++) (a, b, c, d) = (d, Step(i, a, b, (b & c) | (~b & d), words[i]), b, c);
        for (var i = 16; i < 32; i++) (a, b, c, d) = (d, Step(i, a, b, (d & b) | (~d & c), words[((5 * i) + 1) & 15]), b, c);
        for (var i = 32; i < 48; i++) (a, b, c, d) = (d, Step(i, a, b, b ^ c ^ d, words[((3 * i) + 5) & 15]), b, c);
        for (var i = 48; i < 64; i++) (a, b, c, d) = (d, Step(i, a, b, c ^ (b | ~d), words[(7 * i) & 15]), b, c);
        return (before.A + a, before.B + b, before.C + c, before.D + d);
    }

    private static uint Step(int i, uint a, uint b, uint mixed, uint word) =>
        b + BitOperations.RotateLeft(a + mixed + Sines[i] + word, Rotations[((i >> 4) << 2) | (i & 3)]);
}
