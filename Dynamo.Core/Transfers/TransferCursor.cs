using Dynamo.Core.Ring;
using Dynamo.Core.Wire;

namespace Dynamo.Core.Transfers;

/// <summary>The position in a partition that is being received, saved in the store so that a restart does not start over.</summary>
public sealed record TransferCursor(ulong PlanId, int Partition, StorageKey After)
{
    public const string Name = "transfer";

    public byte[] Save()
    {
        var to = new ByteWriter(256);
        to.Fixed64(PlanId);
        to.Count(Partition);
        to.Bytes(After.Encoded);
        return to.ToArray();
    }

    /// <returns>Null when there is none, or it is unreadable: the partition is then sent from its beginning.</returns>
    public static TransferCursor? Load(byte[]? saved)
    {
        if (saved is null) return null;
        try
        {
            var from = new ByteReader(saved);
            return new TransferCursor(from.Fixed64(), from.Int(), StorageKey.FromEncoded(from.Bytes().Span));
        }
        catch (MalformedBytesException)
        {
            return null;
        }
    }
}
