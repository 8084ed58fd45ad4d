using System.Runtime.CompilerServices;

/// <summary>
/// Runs before anything else in the test host (runtimeconfig.template.json names this assembly). .NET hashes strings with a seed of each process, and the
/// actors' immutable dictionaries, which Akka.NET walks, are in the order of those hashes. One seed for all makes the same run the same in every process.
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
