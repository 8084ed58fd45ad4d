using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;
using Dynamo.Core.Wire;

namespace Dynamo.Core.Tests.Versioning;

public sealed class CodecTests
{
    [Fact]
    public void Records_survive_a_round_trip_and_no_truncation_is_accepted() => Seeds.Run(300, random =>
    {
        var replicas = new Replicas(2);
        for (var i = 0; i < random.Next(6); i++) replicas.Put(random.Next(2), replicas.Read(random.Next(2)));
        replicas.Send(1, 0);
        var writer = new ByteWriter();
        VersionCodec.Write(writer, new Record(7, replicas[0]));
        var bytes = writer.ToArray();

        var reader = new ByteReader(bytes);
        var back = VersionCodec.ReadRecord(ref reader);
        reader.End();
        Assert.Equal(replicas[0], back.Versions);
        Assert.Equal(replicas[0].Siblings.Select(s => s.Value.ToArray()), back.Versions.Siblings.Select(s => s.Value.ToArray()));

        for (var length = 0; length < bytes.Length; length++) Assert.Throws<MalformedBytesException>(() => ReadAll(bytes[..length]));
    });

    [Fact]
    public void Arbitrary_bytes_are_read_or_refused_cleanly() => Seeds.Run(5000, random =>
    {
        var bytes = new byte[random.Next(60)];
        random.NextBytes(bytes);
        try
        {
            ReadAll(bytes);
        }
        catch (MalformedBytesException)
        {
        }
    });

    [Fact]
    public void Digests_differ_when_sets_differ_and_do_not_depend_on_values()
    {
        var key = StorageKey.Of("k");
        var replicas = new Replicas(2);
        replicas.Put(0, replicas.Read(0));
        replicas.Send(0, 1);
        Assert.Equal(VersionCodec.Digest(key, replicas[0]), VersionCodec.Digest(key, replicas[1]));
        replicas.Put(1, replicas.Read(1));
        Assert.NotEqual(VersionCodec.Digest(key, replicas[0]), VersionCodec.Digest(key, replicas[1]));
        Assert.NotEqual(VersionCodec.Digest(key, replicas[0]), VersionCodec.Digest(StorageKey.Of("l"), replicas[0]));
        Assert.Equal(0UL, VersionCodec.Digest(key, VersionSet.Empty));
    }

    private static void ReadAll(byte[] bytes)
    {
        var reader = new ByteReader(bytes);
        VersionCodec.ReadRecord(ref reader);
        reader.End();
    }
}
