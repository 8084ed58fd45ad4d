using System.Buffers.Binary;
using System.Security.Cryptography;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Tests.Ring;

/// <summary>Section 4.2 of the paper: MD5 of the key.</summary>
public class KeyHashTests
{
    [Fact]
    public void It_is_the_start_of_the_platforms_md5_at_every_length()
    {
        var random = new Random(1);
        for (var length = 0; length <= 300; length++)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            Assert.Equal(BinaryPrimitives.ReadUInt64BigEndian(MD5.HashData(bytes)), KeyHash.Of(bytes));
        }
    }
}
