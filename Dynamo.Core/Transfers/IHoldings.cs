using Dynamo.Core.Ring;
using Dynamo.Core.Storage;

namespace Dynamo.Core.Transfers;

/// <summary>What a node's store holds at the moment, as far as a hand-off looks at it.</summary>
public interface IHoldings
{
    /// <summary>The store keeps writes for others.</summary>
    bool HasHints { get; }

    /// <summary>There is a record between the tokens, both ends included.</summary>
    bool HasAny(Token first, Token last);

    /// <summary>As many of the records between the tokens, after a key, as fit one message; at least one if there is any.</summary>
    IReadOnlyList<StoredRecord> Page(Token first, Token last, StorageKey? after);

    /// <summary>Bytes of a record on the wire.</summary>
    int SizeOf(StoredRecord record);
}
