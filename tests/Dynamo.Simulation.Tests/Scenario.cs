using Dynamo.Simulation.Tests.World;

namespace Dynamo.Simulation.Tests;

/// <summary>The kind of a run, beyond what its seed draws.</summary>
public sealed record Scenario
{
    public static readonly Scenario Usual = new();

    private static readonly Dictionary<string, Scenario> ByName = new()
    {
        ["usual"] = Usual,
        ["reaps"] = new() { Reaps = true },
        ["strict"] = new() { IsStrict = true },
        ["changes-ring"] = new() { ChangesRing = true },
        ["resends-puts"] = new() { ResendsPuts = true },
        ["clock-bucket"] = new() { HasClockBucket = true },
        ["reaps-and-changes-ring"] = new() { Reaps = true, ChangesRing = true },
    };

    public static IEnumerable<string> Names => ByName.Keys;

    public static Scenario Named(string name) => ByName[name];

    public static Scenario? Find(string name) => ByName.GetValueOrDefault(name);

    public StorageMutation Storage { get; init; }

    public WireMutation Wire { get; init; }

    public bool KeepsLog { get; init; }

    /// <summary>Operators join, remove and replace nodes during the run.</summary>
    public bool ChangesRing { get; init; }

    public bool ResendsPuts { get; init; }

    /// <summary>
    /// Many deletes, a short grace, and chaos that alternates with calm: tombstones are reaped during chaos and after it, until none is left. Requests are
    /// shorter than the grace, as the setting demands.
    /// </summary>
    public bool Reaps { get; init; }

    /// <summary>
    /// Requests ask for two primaries, and no store loses anything: then each get shows all writes acknowledged before it began.
    /// </summary>
    public bool IsStrict { get; init; }

    /// <summary>Most keys, which are few, are in a last-write-wins bucket.</summary>
    public bool HasClockBucket { get; init; }

    /// <summary>Dots are reused only where one store often meets one key: few nodes, few keys, and a tail to lose.</summary>
    public bool IsCrowded => Storage == StorageMutation.ReusesStoreId;

    public TimeSpan Grace => Reaps ? TimeSpan.FromSeconds(4) : TimeSpan.FromSeconds(8);

    public int Keys => IsCrowded ? 2 : Reaps ? 20 : HasClockBucket ? 3 : 6;

    public int RequestsPerClient => Reaps ? 50 : ChangesRing ? 120 : 60;

    public TimeSpan MaxPause => TimeSpan.FromMilliseconds(Reaps ? 1500 : HasClockBucket ? 60 : 200);
}
