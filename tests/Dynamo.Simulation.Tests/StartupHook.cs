using System.Runtime.CompilerServices;

/// <summary>
/// Runs before anything else in the test host (runtimeconfig.template.json names this assembly): .NET hashes strings by a seed of each process, and immutable
/// dictionaries of actors, which Akka.NET walks, are in the order of their hashes. With one seed for all, the same run is the same in every process.
/// </summary>
internal static class StartupHook
{
    private const ulong StringSeed = 0x5EED_5EED_5EED_5EED;
    private const uint HashCodeSeed = 0x5EED_5EED;

    public static bool HasRun { get; private set; }

    public static void Initialize()
    {
        OfStrings(null) = StringSeed;
        OfHashCode(default) = HashCodeSeed;
        HasRun = true;
    }

    [UnsafeAccessor(UnsafeAccessorKind.StaticField, Name = "<DefaultSeed>k__BackingField")]
    private static extern ref ulong OfStrings([UnsafeAccessorType("System.Marvin, System.Private.CoreLib")] object? marvin);

    [UnsafeAccessor(UnsafeAccessorKind.StaticField, Name = "s_seed")]
    private static extern ref uint OfHashCode(HashCode type);
}
