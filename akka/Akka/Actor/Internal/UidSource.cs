namespace Akka.Actor.Internal;

/// <summary>The system's one source of chance: SplitMix64, from a seed of its own or the configured one.</summary>
internal sealed class UidSource
{
    private long _state;

    public UidSource(int seed) => _state = seed != 0 ? seed : Random.Shared.NextInt64();

    public int Next()
    {
        while (true)
        {
            var z = (ulong)Interlocked.Add(ref _state, unchecked((long)0x9E3779B97F4A7C15));
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            var uid = (int)((z ^ (z >> 31)) & int.MaxValue);
            if (uid != 0)
                return uid;
        }
    }
}
