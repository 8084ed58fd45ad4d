using System.Runtime.Serialization;
using Dynamo.Tests.Support;

namespace Dynamo.Protocol.Tests;

/// <summary>A stranger's bytes: any bytes decode to a valid message or throw a SerializationException, and nothing else.</summary>
public sealed class MalformedBytesTests(SerializerFixture fixture) : SerializerTest(fixture)
{
    private const int Rounds = 400;

    // As varints: the limits of int, uint and long, and one that is longer than any of them.
    private static readonly byte[][] Extremes = [.. new[] { "ffffffff07", "8080808008", "ffffffff0f", "8080808010", "ffffffffffffffff7f", "ffffffffffffffffff01", "ffffffffffffffffffff01" }
        .Select(Convert.FromHexString)];

    public static TheoryData<string> Names => Samples.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void A_truncated_message_is_refused(string name)
    {
        var message = Samples.All[name];
        var bytes = Bytes(message);
        for (var length = 0; length < bytes.Length; length++) Refused(bytes[..length], Serializer.Manifest(message), $"the first {length} bytes");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Extra_bytes_are_refused(string name)
    {
        var message = Samples.All[name];
        Refused([.. Bytes(message), 0], Serializer.Manifest(message), "an extra byte");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Altered_bytes_are_refused_or_decode_to_another_message(string name)
    {
        var message = Samples.All[name];
        var seed = name.Aggregate(17, (hash, c) => (hash * 31) + c);
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = Bytes(message);
            for (var changes = random.Next(1, 4); changes > 0 && bytes.Length > 0; changes--) bytes[random.Next(bytes.Length)] = Nasty(random);
            WrittenAgainOrRefused(bytes, Serializer.Manifest(message), $"seed {seed}, round {round}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Extreme_numbers_are_refused_or_decode_to_another_message(string name)
    {
        var message = Samples.All[name];
        var bytes = Bytes(message);
        for (var at = 0; at < bytes.Length; at++)
            foreach (var number in Extremes)
                WrittenAgainOrRefused([.. bytes[..at], .. number, .. bytes[(at + 1)..]], Serializer.Manifest(message), $"{Convert.ToHexStringLower(number)} at {at}");
    }

    [Fact]
    public void Random_bytes_are_refused_or_decode_to_a_message()
    {
        var random = new Random(4607);
        var manifests = Samples.All.Values.Select(m => Serializer.Manifest(m)).Distinct().ToArray();
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = new byte[random.Next(0, 40)];
            for (var i = 0; i < bytes.Length; i++) bytes[i] = random.Next(3) == 0 ? Nasty(random) : (byte)random.Next(4);
            WrittenAgainOrRefused(bytes, manifests[round % manifests.Length], $"seed 4607, round {round}");
        }
    }

    [Theory]
    [InlineData("C1.1", "ffffffff0f")]
    [InlineData("R3.2", "ffffffffffffffffff01")]
    [InlineData("T4.1", "808080808001")]
    public void A_list_longer_than_its_bytes_is_refused_before_it_is_allocated(string manifest, string hex) =>
        Refused(Convert.FromHexString(hex), manifest, "a forged length");

    [Theory]
    [InlineData("")]
    [InlineData("C1")]
    [InlineData("C1.2")]
    [InlineData("c1.1")]
    [InlineData("Z9.1")]
    [InlineData("Dynamo.Protocol.Heartbeat, Dynamo.Protocol")]
    public void An_unknown_manifest_is_refused_by_its_name(string manifest)
    {
        var refusal = Assert.Throws<SerializationException>(() => Serializer.FromBinary([], manifest));
        Assert.Contains($"'{manifest}'", refusal.Message, StringComparison.Ordinal);
    }

    private void Refused(byte[] bytes, string manifest, string what)
    {
        var thrown = Xunit.Record.Exception(() => Serializer.FromBinary(bytes, manifest));
        Assert.True(thrown is SerializationException, $"{manifest}, {what} ({Convert.ToHexStringLower(bytes)}): {thrown?.ToString() ?? "accepted"}");
    }

    // An accepted message must hold: it can be written again, and reads back the same.
    private void WrittenAgainOrRefused(byte[] bytes, string manifest, string what)
    {
        var thrown = Xunit.Record.Exception(() =>
        {
            var message = Serializer.FromBinary(bytes, manifest);
            Assert.Equal(Shown.Of(message), Shown.Of(Again(message)));
        });
        Assert.True(thrown is null or SerializationException, $"{manifest}, {what} ({Convert.ToHexStringLower(bytes)}): {thrown}");
    }

    // Bytes at the limits of varints, flags and lengths find more than uniform ones.
    private static byte Nasty(Random random) => random.Next(4) switch
    {
        0 => 0xff,
        1 => 0x80,
        2 => (byte)random.Next(8),
        _ => (byte)random.Next(256),
    };
}
