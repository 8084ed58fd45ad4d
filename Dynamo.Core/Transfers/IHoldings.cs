using Dynamo.Core.Ring;
using Dynamo.Core.Storage;

namespace Dynamo.Core.Transfers;

/// <summary>The current contents of a node's store, as far as a hand-off needs them.</summary>
public interface IHoldings
{
    /// <summary>The store keeps hints for other nodes.</summary>
    bool HasHints { get; }

    /// <summary>There is a record between the tokens, both ends included.</summary>
    bool HasAny(Token first, Token last);

    /// <summary>As many records between the tokens, after a key, as fit into one message; at least one if there is any.</summary>
    IReadOnlyList<StoredRecord> Page(Token first, Token last, StorageKey? after);

    /// <summary>Bytes of a record on the wire.</summary>
    int SizeOf(StoredRecord record);
}
