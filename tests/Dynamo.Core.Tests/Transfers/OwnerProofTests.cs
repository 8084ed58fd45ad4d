using System.Collections.Immutable;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Tests.Requests;
using Dynamo.Core.Transfers;
using Dynamo.Core.Versioning;

namespace Dynamo.Core.Tests.Transfers;

/// <summary>Which records an owner's answers prove safe to drop.</summary>
public sealed class OwnerProofTests
{
    private static readonly ImmutableArray<StoredRecord> Part = [Stored("a"), Stored("b"), Stored("c")];

    [Fact]
    public void A_record_that_the_owner_already_holds_is_not_sent()
    {
        Assert.Empty(OwnerProof.Differing(Part, [Digest(0), Digest(1), Digest(2)])!.Value);
        Assert.Equal([Part[0], Part[2]], OwnerProof.Differing(Part, [0, Digest(1), Digest(1)])!.Value.ToArray());
    }

    [Fact]
    public void A_wrong_number_of_digests_proves_nothing()
    {
        Assert.Null(OwnerProof.Differing(Part, [Digest(0), Digest(1)]));
        Assert.Null(OwnerProof.Differing(Part, []));
    }

    [Fact]
    public void A_record_that_the_owner_did_not_store_is_not_held()
    {
        Assert.Empty(OwnerProof.Missing(Part, [true, true, true]));
        Assert.Equal([Part[1].Key], OwnerProof.Missing(Part, [true, false, true]).ToArray());
    }

    [Fact]
    public void A_wrong_number_of_outcomes_proves_nothing() =>
        Assert.Equal([Part[0].Key, Part[1].Key, Part[2].Key], OwnerProof.Missing(Part, [true, true]).ToArray());

    private static StoredRecord Stored(string key) => new(StorageKey.Of(key), new Record(0, Notation.Set("apple")));

    private static ulong Digest(int place) => VersionCodec.Digest(Part[place].Key, Part[place].Record.Versions);
}
