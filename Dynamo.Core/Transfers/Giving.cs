using Dynamo.Core.Ring;

namespace Dynamo.Core.Transfers;

/// <summary>One partition being searched for records that this node does not own, with the progress of the search.</summary>
/// <param name="change">The number of the last change of ring or buckets when the search began.</param>
public sealed class Giving(int partition, int change, TimeSpan began)
{
    private long _bytes;

    public int Partition => partition;

    public int Change => change;

    public bool FoundNothing { get; private set; } = true;

    /// <summary>The last key searched; null before the first.</summary>
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
