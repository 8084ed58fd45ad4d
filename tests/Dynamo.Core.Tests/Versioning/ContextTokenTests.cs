using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;

namespace Dynamo.Core.Tests.Versioning;

public sealed class ContextTokenTests
{
    private static readonly StorageKey Key = StorageKey.Of("cart:1");
    private readonly ContextToken _tokens = new("secret"u8);
    private readonly CausalContext _context = CausalContext.Empty.With(new Dot(new Tenure(new StoreId(3), 1), 1)).With(new Dot(new Tenure(new StoreId(4), 2), 7));

    [Fact]
    public void A_sealed_context_opens_for_its_key()
    {
        var sealedBytes = _tokens.Seal(_context, Key);
        Assert.Equal(_context, _tokens.Open(sealedBytes, Key));
        Assert.Equal(sealedBytes, ContextToken.FromText(ContextToken.ToText(sealedBytes)));
        Assert.True(sealedBytes.Length < 40, $"{sealedBytes.Length} bytes");
    }

    [Fact]
    public void No_bytes_are_no_context() => Assert.True(_tokens.Open(default, Key).IsEmpty);

    [Fact]
    public void A_context_of_another_key_bucket_or_cluster_is_refused()
    {
        var sealedBytes = _tokens.Seal(_context, Key);
        Assert.Throws<BadContextException>(() => _tokens.Open(sealedBytes, StorageKey.Of("cart:2")));
        Assert.Throws<BadContextException>(() => _tokens.Open(sealedBytes, StorageKey.Of("other", "cart:1"u8)));
        Assert.Throws<BadContextException>(() => new ContextToken("another"u8).Open(sealedBytes, Key));
    }

    [Fact]
    public void A_context_that_is_cut_or_altered_anywhere_is_refused()
    {
        var sealedBytes = _tokens.Seal(_context, Key);
        for (var i = 0; i < sealedBytes.Length; i++)
        {
            var altered = sealedBytes.ToArray();
            altered[i] ^= 0x40;
            Assert.Throws<BadContextException>(() => _tokens.Open(altered, Key));
            if (i > 0) Assert.Throws<BadContextException>(() => _tokens.Open(sealedBytes.AsMemory(0, i), Key));
        }
        Assert.Throws<BadContextException>(() => ContextToken.FromText("not base64url!"));
    }
}
