using Dynamo.Core.Ring;

namespace Dynamo.Core.Transfers;

/// <summary>One partition that is looked through for what is not this node's. Holds how far it is.</summary>
/// <param name="change">The number of the change of ring or buckets by which it is looked through.</param>
public sealed class Giving(int partition, int change, TimeSpan began)
{
    private long _bytes;

    public int Partition => partition;

    public int Change => change;

    public bool FoundNothing { get; private set; } = true;

    /// <summary>The last key that was looked at; null before the first.</summary>
    public StorageKey? Cursor { get; private set; }

    public long Dropped { get; private set; }

    public void Passed(StorageKey last) => Cursor = last;

    public void Gave(int dropped, long bytes)
    {
        FoundNothing = false;
        Dropped += dropped;
        _bytes += bytes;
    }

    public PartitionProgress Progress(HashRing ring, TimeSpan now) => new(partition, null, Dropped, _bytes, ring.Covered(partition, Cursor), now - began, "");
}
